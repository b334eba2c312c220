/** The script of the page. */
import { startApp } from './page/app.js';

const root = document.getElementById('app');
if (root !== null) startApp(root);
