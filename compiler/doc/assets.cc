#include "compiler/doc/assets.h"

namespace nyx::doc {

const std::string_view kStyle = R"css(:root {
  --paper: #fff; --ink: #1c1e21; --dim: #5a6069; --line: #d9dce1; --soft: #f4f5f7; --link: #0b57d0;
  --keyword: #8a1c7c; --number: #0a5c8a; --string: #2b6a2b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --ink: #e6e8eb; --dim: #a0a7b1; --line: #363b43; --soft: #1f2228; --link: #8ab4f8;
    --keyword: #e39bd8; --number: #7fc4ea; --string: #9fd49f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
header, main, footer, #found { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; justify-content: space-between; padding-block: .75rem; border-bottom: 1px solid var(--line); }
header form { display: flex; gap: .5rem; align-items: center; flex: 0 1 24rem; }
input { flex: 1; min-width: 0; font: inherit; padding: .35rem .6rem; color: inherit; background: var(--soft); border: 1px solid var(--dim); border-radius: .3rem; }
.home { font-weight: 600; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; z-index: 1; }
#found { list-style: none; padding-block: .5rem; border-bottom: 1px solid var(--line); }
#found li { padding: .2rem 0; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1.2rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .3rem; font-family: ui-monospace, monospace; }
nav { margin-top: 1rem; color: var(--dim); overflow-wrap: anywhere; }
.kind { font-size: .75em; font-weight: 500; color: var(--dim); border: 1px solid var(--line); border-radius: .3rem; padding: .05em .4em; vertical-align: middle; }
code, pre { font-family: ui-monospace, monospace; font-size: .92em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .3rem; padding: .6rem .8rem; overflow-x: auto; }
td pre { margin: 0; max-width: 40rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--dim); font-weight: 500; }
tbody th { font-weight: 500; font-family: ui-monospace, monospace; font-size: .92em; }
:target { background: var(--soft); }
.k { color: var(--keyword); } .n { color: var(--number); } .s { color: var(--string); } .c, .where, footer { color: var(--dim); }
footer { padding-block: 2rem; font-size: .9rem; }
@media print { header form, .skip { display: none; } }
)css";

const std::string_view kSearch = R"js(
const root = document.body.dataset.root;
const input = document.getElementById("q");
const found = document.getElementById("found");
// The name itself first, then names that begin so, then those that hold it, then texts that do.
function rank(entry, wanted) {
  const name = entry[0].toLowerCase();
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  return entry[3].toLowerCase().includes(wanted) ? 3 : -1;
}
function show() {
  const wanted = input.value.trim().toLowerCase();
  const best = wanted === "" ? [] : entries.map(entry => [rank(entry, wanted), entry]).filter(pair => pair[0] >= 0);
  best.sort((a, b) => a[0] - b[0]);
  found.replaceChildren(...best.slice(0, 30).map(([, entry]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = root + entry[2];
    link.textContent = entry[0];
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = entry[1];
    item.append(link, " ", kind, " ", entry[3]);
    return item;
  }));
  if (wanted !== "" && best.length === 0) {
    const item = document.createElement("li");
    item.textContent = "Nothing has this name or text.";
    found.append(item);
  }
  found.hidden = wanted === "";
}
input.addEventListener("input", show);
input.form.addEventListener("submit", event => {
  event.preventDefault();
  const first = found.querySelector("a");
  if (first) location.href = first.href;
});
document.addEventListener("keydown", event => {
  if (event.key === "/" && document.activeElement !== input) { event.preventDefault(); input.focus(); }
  if (event.key === "Escape") { input.value = ""; show(); }
});
)js";

}  // namespace nyx::doc
