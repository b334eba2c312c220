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
