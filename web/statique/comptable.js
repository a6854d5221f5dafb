// Le bureau du comptable : la somme des règlements cochés, à mesure.
const $$ = (s, r = document) => [...r.querySelectorAll(s)];
const euros = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });
for (const f of $$("[data-selection]")) {
  const dit = f.querySelector("[data-somme]"), vide = dit?.textContent;
  const compter = () => {
    const c = $$("input[name=ligne]:checked", f), s = c.reduce((t, x) => t + Number(x.dataset.montant), 0);
    dit.textContent = c.length ? `${c.length} règlement${c.length > 1 ? "s" : ""} choisi${c.length > 1 ? "s" : ""}, ${euros.format(s / 100).replace(/\u202f/g, "\u00a0")}` : vide;
  };
  if (dit) { f.addEventListener("change", compter); compter(); }
}
