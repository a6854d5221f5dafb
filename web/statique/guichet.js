// Tout se lit et s'envoie sans ce fichier.
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
const creer = (nom, proprietes, ...enfants) => { const e = Object.assign(document.createElement(nom), proprietes); e.append(...enfants); return e; };
const garder = (nom, valeur) => { document.cookie = `${nom}=${valeur}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`; };

// Clair ou sombre, serré ou aéré : le choix est gardé.
const theme = () => {
  const r = document.documentElement;
  const sombre = r.dataset.theme ? r.dataset.theme === "sombre" : matchMedia("(prefers-color-scheme:dark)").matches;
  garder("guichet-theme", r.dataset.theme = sombre ? "clair" : "sombre");
};
const densite = () => { const b = document.body.dataset; garder("guichet-densite", b.densite = b.densite === "serre" ? "confort" : "serre"); };

// Les touches : jamais dans un champ ni dans un dialogue.
const touches = { t: theme, d: densite, "?": () => { const a = $("#aide-clavier"); a?.dispatchEvent(new Event("ouvrir")); a?.showModal(); } };
document.addEventListener("guichet:touche", e => touches[e.detail]?.());
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || $("dialog:modal") || document.body.dataset.touches === "non") return;
  if (e.target.matches("input:not([type=checkbox],[type=radio]),textarea,select")) return;
  const voulue = e.key.toUpperCase();
  const bouton = $$("[aria-keyshortcuts]").find(b => b.getAttribute("aria-keyshortcuts") === voulue && !b.disabled && b.checkVisibility?.({ visibilityProperty: true }) !== false);
  const faire = bouton ? () => bouton.click() : document.body.classList.contains("coquille") && touches[e.key.toLowerCase()];
  if (faire) { e.preventDefault(); faire(); }
});

// Ce qui est à corriger, sinon ce qui vient d'être fait, prend le focus.
$(".resume, .dite")?.focus();

// « Annuler » un geste léger : huit secondes, davantage tant que la souris ou le clavier est dessus.
for (const f of $$("form[data-defaire]")) {
  let reste = f.dataset.defaire * 1000;
  const tic = setInterval(() => { if (!f.matches(":hover, :focus-within") && (reste -= 500) <= 0) { f.remove(); clearInterval(tic); } }, 500);
}

// Un dialogue a son adresse, qui le montre sans ce fichier ; ici il s'ouvre au-dessus de la page.
document.addEventListener("click", e => {
  const a = e.target.closest("a[data-ouvre],a[data-ferme]");
  if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  a.hasAttribute("data-ferme") ? a.closest("dialog").close() : $(a.hash).showModal();
});
const vise = $("dialog:target");
if (vise) { location.replace("#"); vise.showModal(); }

// Un formulaire ne part qu'une fois.
document.addEventListener("submit", e => {
  const f = e.target;
  if (e.defaultPrevented || f.getAttribute("method") === "dialog") return; // held back: the connection is lost
  if (e.submitter?.name === "action" && e.submitter.value === "pdf") return; // a file to keep: the page stays
  if (f.dataset.parti) { e.preventDefault(); return; }
  f.dataset.parti = "oui";
  setTimeout(() => $$("button:not([type=button])", f).forEach(b => { b.setAttribute("aria-disabled", "true"); }));
});
addEventListener("pageshow", () => $$("form[data-parti]").forEach(f => { delete f.dataset.parti; $$("[aria-disabled]", f).forEach(b => b.removeAttribute("aria-disabled")); }));

// Montrer ou cacher un mot de passe.
for (const s of $$(".secret")) {
  const champ = $("input", s), nom = $(`label[for="${champ.id}"]`)?.textContent.trim();
  const b = creer("button", { type: "button", className: "bouton", textContent: "Afficher" });
  b.setAttribute("aria-pressed", "false"); b.setAttribute("aria-label", `Afficher : ${nom}`);
  b.addEventListener("click", () => {
    const montre = champ.type === "password";
    champ.type = montre ? "text" : "password";
    b.setAttribute("aria-pressed", montre); b.textContent = montre ? "Cacher" : "Afficher";
    b.setAttribute("aria-label", `${b.textContent} : ${nom}`);
  });
  s.append(b);
}

// La force d'un mot de passe, à titre d'aide : le serveur en juge.
const forces = [, "Fragile", "Moyen", "Solide", "Très solide"];
const force = (mot, minimum) => {
  const n = [...mot].length;
  if (n < minimum) return 0;
  const varies = new Set(mot.toLowerCase()).size, sortes = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter(r => r.test(mot)).length;
  if (varies < 6 || /(.)\1{3}|0123|1234|azerty|qwerty|motdepasse|password|guichet/i.test(mot)) return 1;
  return Math.min(4, (n >= 12) + (n >= 15) + (n >= 20) + (sortes >= 3) + (varies >= 12));
};
for (const j of $$("[data-force]")) {
  const champ = document.getElementById(j.dataset.force), jauge = $("meter", j), dit = $("small", j);
  champ?.addEventListener("input", () => {
    const f = force(champ.value, +j.dataset.minimum);
    j.hidden = !champ.value; jauge.value = f;
    const reste = j.dataset.minimum - [...champ.value].length;
    dit.textContent = f ? forces[f] : `Trop court : encore ${reste} caractère${reste > 1 ? "s" : ""}`;
  });
}

// Ajouter ou retirer un établissement sans perdre sa place.
document.addEventListener("click", async e => {
  const b = e.target.closest(".inscription button[name=action]");
  if (!b || !/^(ajouter|retirer)_/.test(b.value)) return;
  e.preventDefault();
  const f = b.form, vieux = b.closest("[data-bloc]");
  try {
    const r = await fetch(f.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(f, b)) });
    const place = $(`[data-bloc="${vieux.dataset.bloc}"]`, new DOMParser().parseFromString(await r.text(), "text/html"));
    if (!r.ok || !place) throw r;
    vieux.replaceWith(place);
    $("input", $$("[data-etablissement]", place).at(-1))?.focus();
  } catch { f.requestSubmit(b); }
});
