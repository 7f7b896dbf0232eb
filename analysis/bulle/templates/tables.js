// Tables: a button in each header sorts (again: the other way, then as it was), a button below saves the rows as CSV
// where no file of the run holds them.
const content = cell => cell.textContent.trim().replace(/\s+/g, " ");
const NUMBER = /^[+\-−]?(\d[\d ,]*)?(\.\d+|\d)(e[+-]?\d+)?( ?%)?$/i, NONE = /^(NaN|NaT|None|<NA>|)$/;
const LANGUAGE = document.documentElement.lang || "en";
const COMMA = (0.5).toLocaleString(LANGUAGE).includes(","), POINT = (11111).toLocaleString(LANGUAGE).includes(".");
const ungrouped = text => POINT ? text.replace(/\.(?=\d{3})/g, "") : text;  // 1.234,5 is 1234,5
const amount = text => parseFloat(ungrouped(text).replace(COMMA ? / /g : /[ ,]/g, "").replace(",", ".").replace("−", "-"));

function compared(a, b, numeric) {
  if (NONE.test(a) || NONE.test(b)) return NONE.test(a) - NONE.test(b);
  return numeric ? amount(a) - amount(b) : a.localeCompare(b, document.documentElement.lang, { numeric: true });
}

function sorted(rows, column, sign) {
  const key = row => row.cells[column].querySelector("time")?.dateTime ?? content(row.cells[column]);
  const numeric = rows.every(row => NUMBER.test(ungrouped(key(row))) || NONE.test(key(row)));
  const last = row => NONE.test(key(row)) ? sign : 1;  // what is missing stays last, whichever way
  return [...rows].sort((a, b) => sign * compared(key(a), key(b), numeric) * (last(a) * last(b)));
}

// A spreadsheet takes what begins with = + - @ for a formula: such a text gets an apostrophe; a plain number needs none.
const FORMULA = /^[=+\-@\uff0b\uff0d\uff1d\uff20]/;
const field = text => {
  const number = NUMBER.test(ungrouped(text)), plain = number ? text.replace("−", "-") : text;
  const safe = FORMULA.test(text) && !number ? "'" + text : plain;
  return '"' + safe.replace(/;(?=["\s]*[=+\-@])/g, ";'").replace(/"/g, '""') + '"';
};
const csv = table => [...table.rows].map(row => [...row.cells].map(cell => field(content(cell))).join(",")).join("\r\n") + "\r\n";

function save(table, name) {
  const file = new Blob(["\ufeff" + csv(table)], { type: "text/csv" }), href = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}

for (const scroll of document.querySelectorAll(".scroll.table")) {
  const table = scroll.querySelector("table"), rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells], regular = table.tHead.rows.length === 1 && rows.every(row => row.cells.length === heads.length);
  for (const [column, head] of regular && rows.length > 1 ? heads.entries() : []) {
    if (!content(head)) continue;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "sort" });
    button.append(...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const next = { ascending: "descending", descending: "none" }[head.ariaSort] || "ascending";
      heads.forEach(one => one.removeAttribute("aria-sort"));
      if (next !== "none") head.setAttribute("aria-sort", next);
      table.tBodies[0].append(...(next === "none" ? rows : sorted(rows, column, next === "ascending" ? 1 : -1)));
    };
  }
  if (scroll.nextElementSibling?.matches(".whole")) continue;  // the whole table is a file
  const button = Object.assign(document.createElement("button"), { type: "button", className: "csv", textContent: "CSV" });
  button.setAttribute("aria-label", `CSV – ${scroll.getAttribute("aria-label")}`);
  button.onclick = () => save(table, `${scroll.dataset.name}.csv`);
  scroll.after(button);
}
