import { classColours } from "../charts/colours.js";

/** The page's style: light or dark as the reader's system is, tables and charts that scroll sideways on a narrow screen. */
export const style = `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --rule: #d1d9e0; --quiet: #59636e; --shade: #f6f8fa;
  --green: #d7f0e0; --yellow: #fbf0c0; --orange: #fbe0c6; --red: #f8d5d6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #14181d; --rule: #353c45; --quiet: #9da7b1; --shade: #1d232a;
    --green: #17432a; --yellow: #4d4108; --orange: #55300c; --red: #561c1e; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1360px; padding: 1rem; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.answer { font-size: 1.1rem; margin: .25rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { text-align: left; padding: .2rem .6rem; white-space: nowrap; }
th { border-bottom: 1px solid var(--rule); background: var(--shade); }
thead th { white-space: normal; vertical-align: bottom; }
.facts td { white-space: normal; }
.facts th { border: 0; }
.r { text-align: right; }
tr.first td { border-top: 1px solid var(--rule); }
.class-green { background: var(--green); } .class-yellow { background: var(--yellow); }
.class-orange { background: var(--orange); } .class-red { background: var(--red); }
ul { padding-left: 1.2rem; color: var(--quiet); } .failures ul { color: inherit; }
.failures { border-left: 4px solid ${classColours.Red}; padding-left: 1rem; }
figure { margin: 1.5rem 0 2.5rem; } figcaption { font-size: 13px; color: var(--quiet); margin-bottom: .5rem; }
figcaption strong { font-size: 15px; color: var(--ink); }
.chart { position: relative; height: 460px; }
code { font-size: 12px; }
`;
