import js from "@eslint/js";

// prettier-ignore
const browser = [
  "Blob", "File", "HTMLElement", "HTMLInputElement", "Node", "ResizeObserver", "URL", "URLSearchParams",
  "clearTimeout", "document", "fetch", "getComputedStyle", "history", "location", "navigator",
  "requestAnimationFrame", "sessionStorage", "setTimeout", "window",
];

// The self-contained file holds the modules as one script, which layers/modules.py links. It knows
// these forms of import and export, and no module that runs in a circle.
const unlinkable = [
  ["ImportExpression", "Import at the top: the page is linked into one file."],
  ["MetaProperty[meta.name='import']", "The page is linked into one file: a module has no address."],
  ["ImportDefaultSpecifier", "Import by name: the linking knows no default."],
  ["ImportDeclaration[specifiers.length=0]", "Import what is used: the linking knows no bare import."],
  ["ExportDefaultDeclaration", "Export by name: the linking knows no default."],
  ["ExportAllDeclaration", "Export where it is declared."],
  ["ExportNamedDeclaration > ExportSpecifier", "Export where it is declared."],
  [
    "ExportNamedDeclaration > VariableDeclaration[kind!='const']",
    "Export constants: linked, a binding is not live.",
  ],
  [
    "Program > ExpressionStatement > AwaitExpression",
    "Await within a function: linked, a module is no async one.",
  ],
];

// What would let a datum run as markup or as code.
const unsafe = [
  ["AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]", "Set text: a datum is no markup."],
  ["MemberExpression[property.name='insertAdjacentHTML']", "Set text: a datum is no markup."],
  ["MemberExpression[object.name='document'][property.name=/^write/]", "Set text: a datum is no markup."],
];

export default [
  { ignores: [".venv*/", "build/", "node_modules/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-len": ["error", { code: 120, ignoreUrls: false }],
      complexity: ["error", 10],
      curly: ["error", "multi-line"],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", 400],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["layers/web/static/**/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      globals: Object.fromEntries(["L", ...browser].map((name) => [name, "readonly"])),
    },
    rules: {
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        ...[...unlinkable, ...unsafe].map(([selector, message]) => ({ selector, message })),
      ],
    },
  },
  {
    files: ["tests/js/**/*.js"],
    languageOptions: { globals: { globalThis: "readonly", URLSearchParams: "readonly" } },
  },
];
