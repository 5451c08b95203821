/**
 * Translates the kernel's AssemblyScript to C++: both engines have one description. AssemblyScript's own parser reads it; what is translated is
 * the subset that the kernel is written in, and anything else is an error that names the line.
 *
 * Modules become one struct: their functions its members, their variables its data, so that every thread has a kernel of its own. Names get
 * their module's as a prefix. Types and operations have the names of AssemblyScript, `f32x4.add` that of `f32x4_add`; `vector.h` defines
 * them for as many lanes as the machine's vectors have.
 */
import * as as from 'assemblyscript';

const K = as.NodeKind;

/** Of four lanes on every machine: the partial sums of the objective, and the two float64 of a projection. */
const NARROW = new Set(['objective', 'example-sums', 'project']);
/** `vector.h` has it. */
const LANES = 'lanes';
/** Operations whose operands do not say which of the two kinds of vector they give. */
const MAKERS = new Set(['v128.load', 'v128.load32_splat', 'f32x4.splat', 'i32x4.splat', 'i32x4', 'f64x2.splat']);
const BUILT_IN = new Set(['load', 'store', 'min', 'max', 'memory.fill', 'Math.ceil']);
const OPERATIONS = /^(v128|f32x4|i32x4|f64x2)\.\w+$/;
const TYPES = new Set(['i32', 'u32', 'u64', 'usize', 'f32', 'f64', 'bool', 'void', 'v128']);

/**
 * @param {Map<string, string>} texts AssemblyScript by name of the module
 * @param {string} entry the module whose exports can be called
 * @returns {string} the struct, and the macros EDGESWEEP_FUNCTIONS and EDGESWEEP_VARIABLES that list what is exported
 */
export function translate(texts, entry) {
  const modules = new Map();
  const visit = (name) => {
    if (modules.has(name) || name === LANES) return;
    const module = parse(name, texts.get(name));
    for (const { from } of module.imports.values()) visit(from);
    for (const { from } of module.exports) visit(from);
    modules.set(name, module);
  };
  visit(entry);
  const parts = [...modules.values()].map((module) => new Writer(module, modules).write());
  const all = (kind) => parts.flatMap((part) => part[kind]).join('\n');
  const exported = exportsOf(modules, modules.get(entry));
  const list = (kind) => exported.filter((one) => one.kind === kind).map(({ as: to, name }) => `X(${to}, ${name})`);
  return `struct Kernel {
usize heapBase = 64;
${all('constants')}
${all('data')}
${all('functions')}
};
#define EDGESWEEP_FUNCTIONS(X) ${list('function').join(' ')}
#define EDGESWEEP_VARIABLES(X) ${list('variable').join(' ')}
`;
}

function parse(name, text) {
  const program = as.newProgram(as.newOptions());
  as.parse(program, text, `${name}.ts`, true);
  const message = as.nextDiagnostic(program);
  if (message) throw new SyntaxError(`${name}.ts: ${as.formatDiagnostic(message, false, true)}`);
  const { statements } = program.sources.find(({ normalizedPath }) => normalizedPath === `${name}.ts`);
  const module = { name, text, statements, declared: new Map(), imports: new Map(), exports: [] };
  const fileOf = (path) => path.value.replace('./', '');
  for (const statement of statements) {
    switch (statement.kind) {
      case K.Import:
        for (const { name: local, foreignName } of statement.declarations)
          module.imports.set(local.text, { from: fileOf(statement.path), name: foreignName.text });
        break;
      case K.Export:
        for (const { localName, exportedName } of statement.members)
          module.exports.push({ from: fileOf(statement.path), name: localName.text, as: exportedName.text });
        break;
      case K.FunctionDeclaration:
        module.declared.set(statement.name.text, statement);
        break;
      case K.Variable:
        for (const one of statement.declarations) module.declared.set(one.name.text, one);
    }
  }
  return module;
}

/** What JavaScript can call: functions without vectors, and variables. */
function exportsOf(modules, entry) {
  const own = [...entry.declared.values()].filter(({ flags }) => flags & as.CommonFlags.Export);
  const all = [...own.map(({ name }) => ({ from: entry.name, name: name.text, as: name.text })), ...entry.exports];
  return all.flatMap(({ from, name, as: to }) => {
    const declaration = modules.get(from).declared.get(name);
    const isFunction = declaration.kind === K.FunctionDeclaration;
    if (isFunction && declaration.signature.parameters.some(({ type }) => type.name.identifier.text === 'v128'))
      return [];
    return [{ kind: isFunction ? 'function' : 'variable', as: to, name: mangled(from, name) }];
  });
}

const mangled = (module, name) => `${module.replaceAll('-', '_')}_${name}`;

class Writer {
  constructor(module, modules) {
    this.module = module;
    this.modules = modules;
    this.vector = NARROW.has(module.name) ? 'four' : 'v128';
    /** names of the function that is written */
    this.locals = new Set();
    this.parts = { constants: [], data: [], functions: [] };
  }

  write() {
    for (const statement of this.module.statements) {
      this.locals = new Set();
      if (statement.kind === K.Variable) for (const one of statement.declarations) this.global(statement, one);
      else if (statement.kind === K.FunctionDeclaration) this.function(statement);
      else if (statement.kind !== K.Import && statement.kind !== K.Export) this.refuse(statement);
    }
    return this.parts;
  }

  refuse(node) {
    const line = this.module.text.slice(0, node.range.start).split('\n').length;
    throw new SyntaxError(
      `${this.module.name}.ts:${line} is not in the subset that native/translate.mjs knows: ${this.source(node)}`,
    );
  }

  source({ range }) {
    return this.module.text.slice(range.start, range.end);
  }

  isInline({ decorators }) {
    return decorators?.some(({ name }) => name.text === 'inline') ?? false;
  }

  type(node) {
    const name = node.name.identifier.text;
    if (!TYPES.has(name)) this.refuse(node);
    return name === 'v128' ? this.vector : name;
  }

  global(statement, { name, type, initializer }) {
    const to = mangled(this.module.name, name.text);
    if (initializer.kind === K.Call && this.source(initializer.expression) === 'memory.data') {
      const [data] = initializer.args;
      if (data.kind === K.Literal && data.elementExpressions) {
        const element = this.type(initializer.typeArguments[0]);
        const values = data.elementExpressions.map((one) => this.expression(one)).join(', ');
        this.parts.constants.push(`static constexpr ${element} ${to}_data[] = {${values}};`);
      } else {
        this.parts.data.push(`alignas(64) unsigned char ${to}_data[${this.expression(data)}];`);
      }
      return;
    }
    const value = this.expression(initializer);
    const typed = type ? this.type(type) : 'auto';
    if (statement.declarations[0].flags & as.CommonFlags.Const)
      this.parts.constants.push(`static constexpr ${typed} ${to} = ${value};`);
    else this.parts.data.push(`${typed} ${to} = ${value};`);
  }

  function(statement) {
    const { name, signature, body } = statement;
    this.hasLoop = false;
    for (const { name: parameter } of signature.parameters) this.locals.add(parameter.text);
    const parameters = signature.parameters.map((one) => `${this.type(one.type)} ${one.name.text}`).join(', ');
    const text = this.statement(body);
    // loops are compiled by themselves: inlined into their callers they run out of registers
    const inline = this.isInline(statement) ? 'ALWAYS_INLINE ' : this.hasLoop ? 'NOINLINE ' : '';
    const head = `${inline}${this.type(signature.returnType)} ${mangled(this.module.name, name.text)}(${parameters})`;
    this.parts.functions.push(`${head} ${text}`);
  }

  statement(node) {
    switch (node.kind) {
      case K.Block:
        return `{\n${node.statements.map((one) => this.statement(one)).join('\n')}\n}`;
      case K.Variable:
        return node.declarations.map((one) => this.declaration(one)).join(' ');
      case K.Expression:
        return `${this.expression(node.expression)};`;
      case K.Return:
        return node.value ? `return ${this.expression(node.value)};` : 'return;';
      case K.Break:
        return 'break;';
      case K.Continue:
        return 'continue;';
      case K.If: {
        const otherwise = node.ifFalse ? ` else ${this.statement(node.ifFalse)}` : '';
        return `if (${this.expression(node.condition)}) ${this.statement(node.ifTrue)}${otherwise}`;
      }
      case K.For: {
        this.hasLoop = true;
        // apart from the loop: the variables may be of several types
        const first = node.initializer ? this.statement(node.initializer) : '';
        const condition = node.condition ? this.expression(node.condition) : '';
        const next = node.incrementor ? this.expression(node.incrementor) : '';
        return `{ ${first}\nfor (; ${condition}; ${next}) ${this.statement(node.body)} }`;
      }
      case K.Switch:
        return `switch (${this.expression(node.condition)}) {\n${node.cases.map((one) => this.case(one)).join('\n')}\n}`;
      default:
        return this.refuse(node);
    }
  }

  case({ label, statements }) {
    const body = statements.map((one) => this.statement(one)).join('\n');
    return `${label ? `case ${this.expression(label)}` : 'default'}: {\n${body}\n}`;
  }

  declaration(node) {
    this.locals.add(node.name.text);
    return `${node.type ? this.type(node.type) : 'auto'} ${node.name.text} = ${this.expression(node.initializer)};`;
  }

  expression(node) {
    switch (node.kind) {
      case K.Identifier:
        return this.identifier(node);
      case K.True:
        return 'true';
      case K.False:
        return 'false';
      case K.Literal:
        return this.source(node);
      case K.Parenthesized:
        return `(${this.expression(node.expression)})`;
      case K.Assertion:
        return `(${this.type(node.toType)})${this.operand(node.expression)}`;
      case K.UnaryPrefix:
        return `${this.operator(node)}${this.operand(node.operand)}`;
      case K.UnaryPostfix:
        return `${this.operand(node.operand)}${this.operator(node)}`;
      case K.Binary:
        return `${this.operand(node.left)} ${this.operator(node)} ${this.operand(node.right)}`;
      case K.Ternary:
        return `(${this.expression(node.condition)} ? ${this.expression(node.ifThen)} : ${this.expression(node.ifElse)})`;
      case K.Comma:
        return node.expressions.map((one) => this.expression(one)).join(', ');
      case K.Call:
        return this.call(node);
      default:
        return this.refuse(node);
    }
  }

  /** Binds as tightly as what it is a part of. */
  operand(node) {
    const text = this.expression(node);
    return node.kind === K.Binary ? `(${text})` : text;
  }

  operator(node) {
    return as.operatorTokenToString(node.operator);
  }

  call({ expression, typeArguments, args }) {
    const callee = this.source(expression);
    const values = args.map((one) => this.expression(one)).join(', ');
    if (callee === 'sizeof') return `sizeof(${this.type(typeArguments[0])})`;
    const name = callee.replace('.', '_');
    if (MAKERS.has(callee)) return `${name}<${this.vector}>(${values})`;
    if (BUILT_IN.has(callee)) return `${name}${typeArguments ? `<${this.type(typeArguments[0])}>` : ''}(${values})`;
    if (OPERATIONS.test(callee)) return `${name}(${values})`;
    if (expression.kind !== K.Identifier) this.refuse(expression);
    return `${this.identifier(expression)}(${values})`;
  }

  identifier(node) {
    const name = node.text;
    if (this.locals.has(name)) return name;
    if (name === '__heap_base') return 'heapBase';
    if (name === 'Infinity') return '__builtin_inff()';
    const { from, name: foreign } = this.module.imports.get(name) ?? { from: this.module.name, name };
    if (from === LANES) return foreign;
    const declaration = this.modules.get(from)?.declared.get(foreign) ?? this.module.declared.get(foreign);
    if (declaration === undefined) this.refuse(node);
    const isData = declaration.initializer?.kind === K.Call && declaration.initializer.args.length === 1;
    return isData ? `(usize)${mangled(from, foreign)}_data` : mangled(from, foreign);
  }
}
