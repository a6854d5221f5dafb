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
// Au clavier : J et K d’une ligne à l’autre, X choisit, Entrée ouvre.
const lignes = $$("[data-liste] tbody tr");
let ici = -1;
const aller = i => {
  if (!lignes.length) return;
  lignes[ici]?.removeAttribute("data-ici");
  ici = Math.max(0, Math.min(lignes.length - 1, i));
  const l = lignes[ici];
  l.setAttribute("data-ici", "");
  (l.querySelector("input.ligne") ?? l.querySelector("a"))?.focus();
  l.scrollIntoView({ block: "nearest" });
};
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog:modal") || document.body.dataset.touches === "non") return;
  if (e.target.matches("input:not([type=checkbox],[type=radio]),textarea,select")) return;
  const t = e.key.toLowerCase();
  if (t === "j" || t === "k") { e.preventDefault(); aller(ici + (t === "j" ? 1 : -1)); }
  if (t === "x" && ici >= 0) { e.preventDefault(); lignes[ici].querySelector("input.ligne")?.click(); }
  if (e.key === "Enter" && ici >= 0 && e.target.matches("input.ligne")) { e.preventDefault(); lignes[ici].querySelector("a.titre")?.click(); }
});
