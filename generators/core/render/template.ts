/**
 * The template language: EJS cut down to names, conditions and loops, for built-in files and kits alike.
 *
 *     <%= a.b %>   <% if (a.b) { %>   <% if (!a.b) { %>   <% } else { %>   <% for (const x of a.b) { %>   <% } %>   <%# why %>
 *
 * Each may close with ` -%>` instead, which eats one newline. A template is parsed to a tree and the tree is
 * interpreted: nothing is ever evaluated. Whatever is accepted here, `ejs` renders to the same text
 * (test/render/template-oracle.test.ts), so that every template opens in any editor that knows EJS.
 */
export { parseTemplate } from './template-parse.ts';
export { renderTemplate } from './template-render.ts';
export { templateNames } from './template-tree.ts';
