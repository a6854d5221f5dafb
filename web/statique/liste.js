// Les listes au clavier : J K descendre, monter ; X choisir ; Entrée ouvrir. Sans ce fichier, tout se lit et s'envoie.
const $$ = (s, r = document) => [...r.querySelectorAll(s)];
const rangees = "[data-clavier]>tbody>tr,[data-clavier]>li,[data-clavier]>ul>li";
const ouvre = l => l.querySelector("a.titre") ?? l.querySelector("a[href]");
const boite = l => l.querySelector("input.ligne,.pointage button");
const lignes = () => $$(rangees).filter(l => ouvre(l)?.checkVisibility?.() ?? ouvre(l));
const rang = ls => {
  for (const f of [l => l.contains(document.activeElement), l => l.hasAttribute("data-ici"), l => l.querySelector("a[aria-current]")]) {
    const i = ls.findIndex(f);
    if (i >= 0) return i;
  }
  return -1;
};
const marquer = ici => $$("[data-ici]").concat(ici).forEach(l => l.toggleAttribute("data-ici", l === ici));
const aller = (ls, i) => {
  const l = ls[Math.max(0, Math.min(ls.length - 1, i))];
  marquer(l);
  ouvre(l).focus();
  l.scrollIntoView({ block: "nearest" });
};
const touches = {
  j: (ls, i) => aller(ls, i + 1),
  k: (ls, i) => aller(ls, i - 1),
  x: (ls, i) => { const b = i < 0 ? null : boite(ls[i]); if (!b) return i < 0 && boite(ls[0]) ? aller(ls, 0) : false; b.click(); },
  // Sur un lien ou un bouton, Entrée fait déjà ce qu'elle doit ; sur une case, elle enverrait le formulaire.
  enter: (ls, i, e) => { if (i < 0 || e.target.closest("a,button,summary,input:not(.ligne)")) return false; ouvre(ls[i]).click(); },
};
document.addEventListener("keydown", e => {
  if (e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog:modal")) return;
  if (e.target.matches("input:not([type=checkbox],[type=radio]),textarea,select")) return;
  const faire = touches[e.key.toLowerCase()];
  if (!faire || document.body.dataset.touches === "non" && e.key !== "Enter") return;
  const ls = lignes();
  if (ls.length && faire(ls, rang(ls), e) !== false) e.preventDefault();
});
document.addEventListener("focusin", e => { const l = e.target.closest(rangees); if (l && ouvre(l)) marquer(l); });
