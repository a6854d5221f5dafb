// Ce qui était tapé quand la session s'est terminée revient après la connexion, pour le même compte ; jamais un mot de passe.
const $ = s => document.querySelector(s), $$ = s => [...document.querySelectorAll(s)];
const saisie = "guichet-saisie", boites = ["checkbox", "radio"], tues = ["hidden", "password", "file", "submit", "button"];
const champsDe = f => [...f.elements].filter(x => x.name && !tues.includes(x.type) && x.type !== "fieldset" && x.autocomplete !== "one-time-code");
document.addEventListener("submit", e => {
  const pour = e.target.elements?.pour?.value;
  if (!pour || !document.body.classList.contains("coquille")) return;
  const champs = champsDe(e.target).filter(x => !boites.includes(x.type) || x.checked).map(x => [x.name, x.value]);
  try { sessionStorage.setItem(saisie, JSON.stringify({ action: e.target.getAttribute("action"), compte: pour.split(" ")[0], le: Date.now(), champs })); } catch { }
});
try {
  const lue = JSON.parse(sessionStorage.getItem(saisie));
  if (lue && $("[data-session-finie]")) sessionStorage.setItem(saisie, JSON.stringify({ ...lue, revenir: true }));
  else if (lue && document.body.classList.contains("coquille")) {
    sessionStorage.removeItem(saisie);
    const f = lue.revenir && Date.now() - lue.le < 1800000 && $$("form").find(f => f.getAttribute("action") === lue.action && f.elements.pour?.value.split(" ")[0] === lue.compte);
    for (const x of f ? champsDe(f) : []) {
      const vus = lue.champs.filter(([n]) => n === x.name).map(([, v]) => v);
      if (boites.includes(x.type)) x.checked = vus.includes(x.value); else if (vus.length) x.value = vus[0];
    }
  } else if (lue && !lue.revenir) sessionStorage.removeItem(saisie);
} catch { }
