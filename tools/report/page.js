"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const value = cell => {
    const text = cell.textContent.trim();
    const number = Number(text.replace(/,/g, ""));
    return text === "-" || text === "" ? null : Number.isNaN(number) ? text : number;
  };

  // Checkboxes show and hide baselines in charts, tables and lists.
  for (const box of all("#legend input")) {
    box.checked = true;
    box.addEventListener("change", () => {
      for (const part of all("." + box.dataset.series)) part.toggleAttribute("hidden", !box.checked);
    });
  }

  // A figure shows one view. Choosing a run also chooses it in the other figures of the
  // workload.
  for (const choose of all("select")) {
    choose.value = "0";
    choose.addEventListener("change", () => {
      const name = choose.selectedOptions[0].textContent;
      for (const other of all("select", choose.closest(".workload"))) {
        const same = [...other.options].find(option => option.textContent === name);
        if (!same) continue;
        other.value = same.value;
        all(".view", other.closest("figure")).forEach((view, i) => view.toggleAttribute("hidden", i !== other.selectedIndex));
      }
    });
  }

  // A click on a column header sorts the table. Missing values come last.
  for (const table of all("table")) {
    const body = table.tBodies[0];
    for (const row of body.rows) {
      for (const cell of row.cells) {
        if (/^(VALID|SUSPECT|INVALID|FAILED)$/.test(cell.textContent)) cell.className = cell.textContent.toLowerCase();
      }
    }
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const sign = down ? -1 : 1;
        const rows = [...body.rows].map(row => [value(row.cells[column]), row]);
        rows.sort(([a], [b]) => {
          if (a === null || b === null) return (a === null) - (b === null);
          if (typeof a === "number" && typeof b === "number") return sign * (a - b);
          return sign * String(a).localeCompare(String(b), undefined, { numeric: true });
        });
        body.append(...rows.map(([, row]) => row));
      });
    });
    const save = document.createElement("button");
    save.type = "button";
    save.className = "save";
    save.textContent = "Save as CSV";
    save.addEventListener("click", () => {
      const quoted = cell => {
        const text = cell.textContent.trim();
        const plain = text === "-" ? "" : typeof value(cell) === "number" ? text.replace(/,/g, "") : text;
        return /[",\n]/.test(plain) ? '"' + plain.replace(/"/g, '""') + '"' : plain;
      };
      const lines = [...table.rows].filter(row => !row.hidden).map(row => [...row.cells].map(quoted).join(","));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
      const place = table.closest("figure, .workload");
      link.download = (place ? place.id : "table") + ".csv";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    table.parentElement.after(save);
  }

  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.classList.contains("dark") || !root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches;
    root.classList.remove("light", "dark");
    root.classList.add(dark ? "light" : "dark");
  });

  // Print with all tables open and on white.
  let closed = [], savedClass = "";
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach(one => { one.open = true; });
    savedClass = document.documentElement.className;
    document.documentElement.className = "light";
  });
  addEventListener("afterprint", () => {
    closed.forEach(one => { one.open = false; });
    document.documentElement.className = savedClass;
  });
})();
