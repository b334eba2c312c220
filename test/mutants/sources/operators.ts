/**
 * Changes to a source that Stryker's set of mutators does not have, on TypeScript's syntax tree. To add one, write a
 * function that answers what a node may become.
 */
import ts from 'typescript';

/** A part of a source, and what stands in its place. */
export interface Change {
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  /** Empty where a statement is left out. */
  readonly replacement: string;
}

/** What a node may become, as source text. */
type Operator = (node: ts.Node) => readonly string[];

/** Words that exclude each other. Each may stand for any other of its row. */
const WORDS: readonly (readonly string[])[] = [['used', 'unused']];

/** The operators by their names. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  'statement removed': (node) => (ts.isExpressionStatement(node) && !isSuperCall(node.expression) ? [''] : []),
  'return removed': (node) => (ts.isReturnStatement(node) && node.expression === undefined ? [''] : []),
  'word replaced': (node) => {
    if (!ts.isStringLiteral(node) || isType(node)) return [];
    const others = WORDS.filter((words) => words.includes(node.text)).flat();
    return others.filter((word) => word !== node.text).map((word) => `'${word}'`);
  },
  'number changed': (node) => (ts.isNumericLiteral(node) && !isType(node) ? [`${Number(node.text) + 1}`] : []),
  'argument removed': (node) =>
    ts.isCallExpression(node) && node.arguments.length > 1 ? [without(node, node.arguments.length - 1)] : [],
  'bound removed': (node) =>
    ts.isCallExpression(node) && /^Math\.(max|min)$/.test(node.expression.getText()) && node.arguments.length > 1
      ? [without(node, 0)]
      : [],
  'span from zero': (node) =>
    ts.isArrayLiteralExpression(node) && !isAssigned(node) && isSpan(node.elements.map(bare))
      ? [`[0, ${node.elements[1]?.getText()}]`]
      : [],
  'spread moved': (node) => {
    if (ts.isObjectLiteralExpression(node) && !isAssigned(node)) return spreadsMoved(node.properties, '{ ', ' }');
    if (ts.isArrayLiteralExpression(node) && !isAssigned(node)) return spreadsMoved(node.elements, '[', ']');
    return [];
  },
  // Stryker has true and false in the place of comparisons.
  'condition dropped': (node) =>
    isConjunction(node)
      ? [isComparison(bare(node.left)) ? [] : node.right, isComparison(bare(node.right)) ? [] : node.left]
          .flat()
          .map((side) => `(${side.getText()})`)
      : [],
  // Stryker changes the text and the truth of others, and the numbers are changed above.
  'default removed': (node) => {
    const { parent } = node;
    const isDefault = parent && (ts.isBindingElement(parent) || ts.isParameter(parent)) && parent.initializer === node;
    return isDefault && !ts.isLiteralExpression(node) && !isTruth(node) ? ['(undefined as never)'] : [];
  },
  'property replaced': (node) => {
    const other = isRead(node) ? othersIn(node.getSourceFile()).get(node) : undefined;
    return other === undefined
      ? []
      : [`(${(node as ts.PropertyAccessExpression).expression.getText()} as any).${other}`];
  },
};

/** Every change to a source, in the order in which they stand. */
export function changesTo(file: ts.SourceFile): readonly Change[] {
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    for (const [operator, become] of Object.entries(OPERATORS)) {
      for (const replacement of become(node)) {
        changes.push({ operator, start: node.getStart(file), end: node.end, replacement });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return changes;
}

const isTruth = ({ kind }: ts.Node) => kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;

/** What is within parentheses and assertions of types. */
function bare(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node)
    ? bare(node.expression)
    : node;
}

/** Whether a literal is the pattern on the left of an assignment, or within one. */
const isAssigned = (node: ts.Node): boolean =>
  (ts.isBinaryExpression(node.parent) &&
    node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    node.parent.left === node) ||
  (ts.isArrayLiteralExpression(node.parent) && isAssigned(node.parent));

/** Two numbers, as far as their form tells: the lower one is not 0 yet. */
const isSpan = ([least, most, ...more]: readonly ts.Expression[]): boolean =>
  least !== undefined &&
  most !== undefined &&
  more.length === 0 &&
  least.getText() !== '0' &&
  [least, most].every(isNumber);

const ARITHMETIC: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.SlashToken,
  ts.SyntaxKind.AsteriskToken,
  ts.SyntaxKind.MinusToken,
]);

const isNumber = (node: ts.Expression): boolean =>
  ts.isNumericLiteral(node) ||
  (ts.isBinaryExpression(node) && ARITHMETIC.has(node.operatorToken.kind)) ||
  (ts.isCallExpression(node) && /^(Math\.(max|min)|ms)$/.test(node.expression.getText())) ||
  (ts.isIdentifier(node) && node.text === 'most');

/** A list with each of its spreads in the place of what comes after or, of the last one, before it, where that may tell. */
function spreadsMoved(items: readonly ts.Node[], open: string, close: string): string[] {
  const texts = items.map((item) => item.getText());
  return items.slice(1).flatMap((item, at) => {
    const before = items[at] as ts.Node;
    if (!(isSpread(before) || isSpread(item)) || areApart(namesIn(before), namesIn(item))) return [];
    return [
      open +
        texts
          .with(at, texts[at + 1] as string)
          .with(at + 1, texts[at] as string)
          .join(', ') +
        close,
    ];
  });
}

const isSpread = (node: ts.Node) => ts.isSpreadAssignment(node) || ts.isSpreadElement(node);

const areApart = (a: readonly string[] | null, b: readonly string[] | null) =>
  a !== null && b !== null && !a.some((name) => b.includes(name));

/** The names that a part of an object sets; null where that is not to be seen. */
function namesIn(node: ts.Node): readonly string[] | null {
  if (ts.isObjectLiteralExpression(node)) return together(node.properties.map(namesIn));
  if (ts.isParenthesizedExpression(node) || ts.isSpreadAssignment(node)) return namesIn(node.expression);
  if (ts.isConditionalExpression(node)) return together([namesIn(node.whenTrue), namesIn(node.whenFalse)]);
  return ts.isObjectLiteralElement(node) && node.name !== undefined ? [node.name.getText()] : null;
}

const together = (lists: readonly (readonly string[] | null)[]) =>
  lists.includes(null) ? null : (lists as readonly (readonly string[])[]).flat();

const isConjunction = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    node.operatorToken.kind === ts.SyntaxKind.BarBarToken);

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

const isComparison = (node: ts.Expression) => ts.isBinaryExpression(node) && COMPARISONS.has(node.operatorToken.kind);

/** A property that is read, of something other than `this`, and neither called nor assigned to. */
const isRead = (node: ts.Node): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) &&
  !ts.isPrivateIdentifier(node.name) &&
  node.questionDotToken === undefined &&
  !GLOBAL.test(node.expression.getText()) &&
  !ts.isPropertyAccessExpression(node.parent) &&
  !(ts.isCallExpression(node.parent) && node.parent.expression === node) &&
  !isWritten(node);

const GLOBAL = /^(this|Math|Number|Object|Array|JSON|globalThis|process|performance|ts)\b/;

function isWritten(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  if (!ts.isBinaryExpression(parent)) return ts.isDeleteExpression(parent);
  const { kind } = parent.operatorToken;
  return parent.left === node && kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

const known = new WeakMap<ts.SourceFile, ReadonlyMap<ts.Node, string>>();

/** For each property that is read in a source, another one that is read of the same thing. */
function othersIn(file: ts.SourceFile): ReadonlyMap<ts.Node, string> {
  const found = known.get(file);
  if (found !== undefined) return found;
  const read: ts.PropertyAccessExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (isRead(node)) read.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const others = new Map<ts.Node, string>();
  for (const node of read) {
    const of = node.expression.getText();
    const names = [...new Set(read.filter((each) => each.expression.getText() === of).map(({ name }) => name.text))];
    const other = names[(names.indexOf(node.name.text) + 1) % names.length];
    if (other !== node.name.text) others.set(node, other as string);
  }
  known.set(file, others);
  return others;
}

const isSuperCall = (node: ts.Expression) =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;

/** Whether a literal is a type or a key, neither of which is computed. */
const isType = (node: ts.Node) =>
  ts.isLiteralTypeNode(node.parent) || (ts.isPropertyAssignment(node.parent) && node.parent.name === node);

/** A call without one of its arguments. */
function without(call: ts.CallExpression, at: number): string {
  const kept = call.arguments.filter((_, i) => i !== at).map((argument) => argument.getText());
  return `${call.expression.getText()}${call.questionDotToken ? '?.' : ''}(${kept.join(', ')})`;
}
