const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];

// La sélection : combien, et toutes les lignes affichées d'un coup.
const lot = $("#lot"), dit = lot && $("[data-choisis]", lot), tout = lot && $("input[name=tout]", lot);
const compter = () => {
  const n = $$("input.ligne[name=ligne]:checked").length, s = n > 1 ? "s" : "";
  if (dit) dit.textContent = tout?.checked ? "Tout le filtre" : n ? `${n} dossier${s} choisi${s}` : "Aucun dossier choisi";
  const t = $("[data-tous]");
  if (t) { const d = $$("input.ligne[name=ligne]").length; t.checked = n > 0 && n === d; t.indeterminate = n > 0 && n < d; }
};
const tete = $("[data-travail] thead th");
if (tete && lot) {
  const t = Object.assign(document.createElement("input"), { type: "checkbox", className: "ligne" });
  t.dataset.tous = ""; t.setAttribute("aria-label", `Choisir les ${$$("[data-travail] tbody tr").length} lignes affichées`);
  t.addEventListener("change", () => { $$("input.ligne[name=ligne]").forEach(c => { c.checked = t.checked; }); compter(); });
  tete.replaceChildren(t);
}
document.addEventListener("change", e => { if (e.target.matches("input.ligne,#lot input")) compter(); });
compter();

// Un dossier que l'on tient : un signe de vie tant que l'on y travaille, et l'on dit quand un collègue l'a pris.
const vie = $("[data-vie]");
if (vie) {
  let actif = Date.now();
  for (const n of ["keydown", "pointerdown", "scroll"]) addEventListener(n, () => { actif = Date.now(); }, { passive: true, capture: true });
  setInterval(async () => {
    if (document.hidden || Date.now() - actif > 120000) return;
    const corps = new URLSearchParams(new FormData($("form", vie)));
    try {
      const r = await fetch(vie.dataset.vie, { method: "POST", body: corps });
      if (r.status !== 409) return;
      vie.dataset.ton = "rouge";
      $("[data-dit]", vie).textContent = "Un collègue étudie maintenant ce dossier : rechargez la page avant d’agir.";
    } catch { /* le réseau est parti : le prochain signe de vie dira le reste */ }
  }, 120000);
}
