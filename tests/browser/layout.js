// Copyright: (c) 2026, genesyscloud.usage contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What does not fit, in a line each: in a window of that width, and with letters in charts of at least that size.
({width, smallest}) => {
  const findings = [];
  const root = document.documentElement;
  if (root.clientWidth !== width) findings.push(`the page is laid out for ${root.clientWidth} px, not ${width}`);
  if (root.scrollWidth > width) findings.push(`the page is ${root.scrollWidth} px wide in a window of ${width}`);

  const say = (element) => {
    const text = element.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
    return `<${element.localName} class="${element.getAttribute("class") ?? ""}"> "${text}"`;
  };
  const style = (element) => getComputedStyle(element);
  const scrolls = (element) => {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      if (["auto", "scroll"].includes(style(above).overflowX)) return true;
    }
    return false;
  };
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    // A pixel is what is left of something that only a screen reader is to find; far to the left waits what shows
    // itself when the focus comes.
    const somewhere = box.width > 1 && box.height > 1 && box.right > -999;
    return somewhere && element.checkVisibility({visibilityProperty: true, opacityProperty: true});
  };

  for (const element of document.body.querySelectorAll("*")) {
    if (!seen(element)) continue;
    const box = element.getBoundingClientRect();
    const chart = element.ownerSVGElement;
    if (chart) {
      if (element.localName !== "text") continue;
      let outer = chart;
      while (outer.ownerSVGElement) outer = outer.ownerSVGElement;
      const frame = outer.getBoundingClientRect();
      const off = [frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom];
      if (Math.max(...off) > 2) findings.push(`${say(element)} is cut off by its chart`);
      const size = parseFloat(style(element).fontSize) * element.getScreenCTM().a;
      if (size > 0 && size < smallest) findings.push(`${say(element)} is ${size.toFixed(1)} px small`);
      continue;
    }
    if ((box.right > width + 1 || box.left < -1) && !scrolls(element)) {
      findings.push(`${say(element)} reaches from ${box.left.toFixed(0)} to ${box.right.toFixed(0)}`);
    }
    const {overflowX, overflowY} = style(element);
    const hides = (value) => ["hidden", "clip"].includes(value);
    if (element.localName !== "svg" && (
      (hides(overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (hides(overflowY) && element.scrollHeight > element.clientHeight + 1))) {
      findings.push(`${say(element)} hides a part of what is in it`);
    }
  }
  return findings;
}
