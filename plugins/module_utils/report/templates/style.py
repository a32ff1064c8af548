# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The style sheet of the pages.

Private to the collection: this may change without notice.
"""

STYLE = """
:root { color-scheme: light dark;
  --page: #fff; --panel: #f5f7f9; --text: #1b242d; --soft: #4d5b68; --grid: #ccd4db; --line: #dbe1e6; --link: #0b5394;
  --good: #0a6847; --warn: #7a4b00; --bad: #a5260b; --goodbg: #e7f5ee; --warnbg: #fff3dc; --badbg: #fdebe6;
  --gap: #0000001a; --other: #8b97a2;
  --c1: #0072b2; --c2: #e69f00; --c3: #009e73; --c4: #d55e00; --c5: #b5548c; --c6: #56b4e9;
  --h0: #e6ebef; --h1: #fdd49e; --h2: #fdbb84; --h3: #ef6548; --h4: #b30000; --h5: #5c0011; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12181e; --panel: #1b232b; --text: #e8edf1; --soft: #b3bfca; --grid: #43505c; --line: #313c47;
  --link: #8ec7ff;
  --good: #6fdcae; --warn: #ffca70; --bad: #ff9c84; --goodbg: #10291f; --warnbg: #2e2411; --badbg: #351913;
  --gap: #ffffff1f; --other: #8794a0;
  --c1: #3d9fe0; --c2: #f0b02f; --c3: #1fbf92; --c4: #f07a2c; --c5: #dd8fc0; --c6: #8fd0f5;
  --h0: #27313a; --h1: #5a3d1c; --h2: #99561a; --h3: #dd6b20; --h4: #ffa94d; --h5: #ffe08a; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.wide { max-width: 71rem; margin: 0 auto; padding: 0 1.25rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem; }
h1, h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 2rem; margin: .1rem 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.4rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; max-width: 48rem; }
header.top { border-bottom: 1px solid var(--line); background: var(--panel); padding: 1.75rem 0 1.25rem; }
.over { text-transform: uppercase; letter-spacing: .08em; font-size: .78rem; color: var(--soft); margin: 0; }
.soft, figcaption, caption, .note { color: var(--soft); font-size: .9rem; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem 2rem;
  margin: 1rem 0 0; }
dl.facts dt { color: var(--soft); font-size: .82rem; } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.coverage { border-left: .4rem solid var(--good); background: var(--goodbg); padding: .9rem 1.1rem;
  margin: 1.75rem 0 0; }
.coverage h2 { margin: 0; font-size: 1.2rem; }
.coverage.some, .verdict.warn, .verdict.unknown { border-color: var(--warn); background: var(--warnbg); }
.coverage.none, .verdict.fail { border-color: var(--bad); background: var(--badbg); }
.coverage ul { margin: .5rem 0 0; padding-left: 1.2rem; } .coverage li { overflow-wrap: anywhere; margin: .25rem 0; }
.verdict { border-left: .4rem solid var(--good); background: var(--goodbg); padding: .7rem 1.1rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: .9rem; margin: 1rem 0 0;
  padding: 0; list-style: none; }
.cards li { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem .9rem; }
.cards span { display: block; } .cards .label { color: var(--soft); font-size: .85rem; }
.cards .value { font-size: 1.6rem; font-weight: 600; line-height: 1.35; letter-spacing: -.01em;
  font-variant-numeric: tabular-nums; }
.cards .more { color: var(--soft); font-size: .85rem; }
figure { margin: 1rem 0 0; } figcaption { margin-top: .4rem; max-width: 48rem; }
.scroll { overflow-x: auto; }
main > :first-child { margin-top: 1.75rem; } figure + .scroll, .verdict + .scroll { margin-top: 1.25rem; }
svg.chart { display: block; overflow: visible; height: auto; max-width: 100%; min-width: 54rem; }
details { margin: .6rem 0 0; } summary { cursor: pointer; color: var(--link); width: fit-content; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; padding: .3rem 0 .5rem; max-width: min(48rem, calc(100vw - 2rem)); }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; }
thead th { border-bottom: 2px solid var(--grid); font-weight: 600; vertical-align: bottom; }
thead .n { white-space: normal; min-width: 5rem; } th button { white-space: nowrap; }
table.narrow { max-width: 36rem; }
tbody th { font-weight: 500; min-width: 12rem; max-width: 26rem; overflow-wrap: anywhere; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.id { display: block; color: var(--soft); font-size: .8rem; font-weight: 400; overflow-wrap: anywhere; }
.text { min-width: 14rem; overflow-wrap: anywhere; }
.bad { color: var(--bad); } .warnt { color: var(--warn); } .goodt { color: var(--good); }
.tag { font-weight: 600; white-space: nowrap; } .day { white-space: nowrap; }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
  text-align: inherit; } th button::after { content: "\\2009\\21C5"; color: var(--soft); font-weight: 400; }
th[aria-sort=ascending] button::after { content: "\\2009\\2191"; color: inherit; }
th[aria-sort=descending] button::after { content: "\\2009\\2193"; color: inherit; }
.filter { display: block; margin: .5rem 0; } .filter input { font: inherit; color: inherit; background: var(--page);
  border: 1px solid var(--soft); border-radius: .25rem; padding: .25rem .5rem; margin-left: .5rem; max-width: 100%; }
nav.trail { padding: .9rem 0 0; }
section.organization { border-top: 1px solid var(--line); margin-top: 2.5rem; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding: 1rem 0 2rem; }
code { overflow-wrap: anywhere; font-size: .85em; }
/* Where tables scroll, a shadow at an edge says that there is more behind it, and rows keep their names. */
@media (max-width: 75rem) { .scroll { background-color: var(--page); background-repeat: no-repeat;
  background-image: linear-gradient(var(--page), var(--page)), linear-gradient(var(--page), var(--page)),
    linear-gradient(to right, var(--grid), transparent), linear-gradient(to left, var(--grid), transparent);
  background-position: left, right, left, right; background-attachment: local, local, scroll, scroll;
  background-size: .9rem 100%, .9rem 100%, .6rem 100%, .6rem 100%; } }
@media (max-width: 40rem) { h1 { font-size: 1.5rem; } .wide { padding: 0 .9rem; } figcaption { max-width: none; }
  .cards { grid-template-columns: 1fr 1fr; gap: .6rem; } .cards li { padding: .6rem .7rem; }
  .cards .value { font-size: 1.3rem; }
  tbody th { min-width: 9rem; max-width: 11rem; position: sticky; left: 0; background: var(--page); }
  /* Sentences are not for scrolling: each finding is a paragraph. */
  .findings, .findings tbody, .findings tr, .findings th, .findings td.text, .findings caption { display: block; }
  .findings thead { display: none; } .findings tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  .findings :is(tbody th, td) { border: 0; padding: .1rem .6rem .1rem 0; max-width: none; min-width: 0;
    position: static; } }
@media print { :root { color-scheme: light;
  --page: #fff; --panel: #fff; --text: #000; --soft: #444; --grid: #bbb; --line: #ccc; --link: #000; --gap: #0000001a;
  --good: #0a6847; --warn: #7a4b00; --bad: #a5260b; --goodbg: #fff; --warnbg: #fff; --badbg: #fff; --other: #8b97a2;
  --c1: #0072b2; --c2: #e69f00; --c3: #009e73; --c4: #d55e00; --c5: #b5548c; --c6: #56b4e9;
  --h0: #e6ebef; --h1: #fdd49e; --h2: #fdbb84; --h3: #ef6548; --h4: #b30000; --h5: #5c0011; }
  html, body { font-size: 10pt; } .id { font-size: 7pt; }
  .wide { max-width: none; padding: 0; } .scroll { overflow: visible; background: none; }
  svg.chart { min-width: 0; width: 100% !important; } * { print-color-adjust: exact; }
  tr, figure, .cards li, .coverage { break-inside: avoid; } h2, h3 { break-after: avoid; }
  table { font-size: 8pt; } th, td { padding: .2rem .3rem; }
  tbody th, .text, thead .n { min-width: 0; position: static; }
  .filter, .skip, nav.trail { display: none; } th button::after { content: ""; } }
"""
