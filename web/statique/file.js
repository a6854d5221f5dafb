// La file au clavier, et la somme des réponses.
const $$ = (s, r = document) => [...r.querySelectorAll(s)];
const liens = $$("[data-file] a");
// Sur un écran large, la file ouvre sa première demande, sauf s'il y a quelque chose à lire d'abord.
if (location.pathname === "/habilitations" && !location.search && liens[0] && !document.querySelector(".dite") && matchMedia("(width>=64rem)").matches) location.replace(liens[0].href);
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog:modal") || document.body.dataset.touches === "non") return;
  if (e.target.matches("input:not([type=checkbox],[type=radio]),textarea,select")) return;
  const pas = { j: 1, k: -1 }[e.key.toLowerCase()];
  if (!pas || !liens.length) return;
  e.preventDefault();
  const ici = liens.indexOf(document.activeElement), depart = ici < 0 ? liens.findIndex(a => a.hasAttribute("aria-current")) : ici;
  liens[Math.max(0, Math.min(liens.length - 1, depart + pas))].focus();
});
for (const f of $$("[data-reponses]")) {
  const somme = document.querySelector(".decision b");
  const compter = () => {
    const n = v => $$(`input[type=radio][value=${v}]:checked`, f).length, s = k => k > 1 ? "s" : "";
    const a = n("accorder"), r = n("refuser");
    if (somme) somme.textContent = `${a} accordé${s(a)}, ${r} refusé${s(r)}`;
  };
  f.addEventListener("change", compter);
  f.addEventListener("click", e => {
    const b = e.target.closest("button[name=action]");
    if (!b) return;
    e.preventDefault();
    for (const i of $$(`input[type=radio][value=${b.value === "tout_accorder" ? "accorder" : "refuser"}]`, f)) i.checked = true;
    compter();
  });
}
