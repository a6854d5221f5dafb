// La saisie d’une demande : elle s’enregistre seule, s’estime à mesure, cherche dans l’annuaire. Sans ce fichier, les boutons font tout.
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
const formulaire = () => $("form[data-saisie]");
if (formulaire()) document.body.classList.add("avec-script");

// Ce qui est dit à côté du titre.
const dire = (texte, ton) => {
  const e = $("#etat-saisie");
  if (!e) return;
  if (ton) e.dataset.ton = ton; else delete e.dataset.ton;
  $("span", e).textContent = texte;
};
const corps = (f, ajout = {}) => { const c = new URLSearchParams(new FormData(f)); c.delete("action"); for (const [k, v] of Object.entries(ajout)) c.set(k, v); return c; };
const attendre = (ms, faire) => { let t; return () => { clearTimeout(t); t = setTimeout(faire, ms); }; };

// Enregistrer sans qu’on le demande : jamais un envoi. Une écriture à la fois, la version lue avec elle.
let sale = false, encours = null, arrete = false;
const garder = async () => {
  const f = formulaire();
  if (!f || arrete || f.dataset.parti) return;
  if (encours) { await encours; if (!sale) return; }
  sale = false;
  dire("Enregistrement…");
  encours = (async () => {
    try {
      const r = await fetch(f.getAttribute("action"), { method: "POST", body: corps(f, { action: "auto" }), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20000) });
      if (r.status === 401) { arrete = true; return dire("Votre session est finie. Votre saisie reste à l’écran : reconnectez-vous dans un autre onglet, puis enregistrez.", "ambre"); }
      if (!(r.headers.get("Content-Type") ?? "").includes("json")) throw r;
      const lu = await r.json();
      if (lu.conflit) { arrete = true; return conflit(); }
      if (lu.fini) { arrete = true; return dire(lu.dit, "ambre"); }
      if (r.ok) f.elements.version.value = lu.version;
      dire(lu.dit, r.ok && !lu.fautes.length ? "" : "ambre");
    } catch { sale = true; dire(navigator.onLine ? "Pas encore enregistré : le réseau est lent. Votre saisie reste à l’écran." : "Connexion perdue. Votre saisie reste à l’écran et s’enregistrera à son retour.", "ambre"); plusTard(); }
  })();
  await encours; encours = null;
};
const bientot = attendre(1200, garder), plusTard = attendre(8000, garder);
addEventListener("pageshow", () => { arrete = false; });
addEventListener("online", () => { if (sale) garder(); });
addEventListener("beforeunload", e => { if (sale && !formulaire()?.dataset.parti) e.preventDefault(); });

// Quelqu’un d’autre a enregistré : les deux issues, le choix est à la personne.
const conflit = () => {
  const f = formulaire();
  dire("Enregistré ailleurs entre-temps", "ambre");
  if ($("#conflit-script")) return;
  const s = document.createElement("section");
  s.id = "conflit-script"; s.className = "resume"; s.dataset.ton = "ambre"; s.tabIndex = -1; s.setAttribute("role", "alert");
  const t = Object.assign(document.createElement("h2"), { className: "ton", textContent: "Ce brouillon a été enregistré ailleurs entre-temps" });
  const p = Object.assign(document.createElement("p"), { textContent: "Rien de ce que vous avez tapé n’est perdu : choisissez ce que vous gardez." });
  const a = Object.assign(document.createElement("p"), { className: "actions" });
  const garde = Object.assign(document.createElement("button"), { type: "submit", className: "bouton", name: "action", value: "quitter", textContent: "Gardez ma saisie" });
  garde.addEventListener("click", async e => {
    e.preventDefault();
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const v = $("form[data-saisie]", page)?.elements.version?.value;
    if (v) { f.elements.version.value = v; s.remove(); arrete = false; sale = true; garder(); }
  });
  const reprend = Object.assign(document.createElement("a"), { className: "bouton discret", href: location.pathname, textContent: "Reprenez ce qui est enregistré" });
  reprend.addEventListener("click", () => { sale = false; });
  a.append(garde, reprend); s.append(t, p, a); f.firstElementChild.before(s); s.focus();
};

// « Serai-je financé ? » à mesure qu’on tape.
let demande = 0;
const estimer = async () => {
  const f = formulaire(), n = ++demande;
  if (!f) return;
  try {
    const r = await fetch(f.dataset.estimation, { method: "POST", body: corps(f), signal: AbortSignal.timeout(15000) });
    if (!r.ok || n !== demande) return;
    const page = new DOMParser().parseFromString(await r.text(), "text/html");
    for (const neuf of $$("[id]", page)) {
      const vieux = document.getElementById(neuf.id);
      if (vieux && vieux.innerHTML !== neuf.innerHTML && !neuf.querySelector("input")) vieux.replaceWith(neuf);
    }
  } catch { }
};
const estimerBientot = attendre(450, estimer);

// L’annuaire, à mesure.
let recherche = 0;
const chercher = async () => {
  const champ = formulaire()?.elements.q_organisme, place = $("#annuaire"), n = ++recherche;
  if (!champ || !place) return;
  if (champ.value.trim().length < 3) { place.replaceChildren(); return; }
  try {
    const r = await fetch(`/entreprise/organismes?q=${encodeURIComponent(champ.value)}`);
    if (!r.ok || n !== recherche) return;
    place.replaceChildren(...new DOMParser().parseFromString(await r.text(), "text/html").body.childNodes);
  } catch { }
};
const chercherBientot = attendre(250, chercher);

document.addEventListener("input", e => {
  if (!e.target.closest("form[data-saisie]")) return;
  if (e.target.name === "q_organisme") return chercherBientot();
  if (["q_salarie", "salarie"].includes(e.target.name) || e.target.name?.startsWith("tous.")) return;
  sale = true; bientot(); estimerBientot();
});

// Ce qui ne change que le formulaire revient sans quitter la page : la saisie, la place et le focus restent.
const gestes = /^(chercher|prendre:|chercher_salarie|choisir|appliquer|ajouter_|retirer_|estimer)/;
document.addEventListener("keydown", e => {
  if (e.key !== "Enter" || !["q_organisme", "q_salarie"].includes(e.target.name)) return;
  e.preventDefault();
  $(`button[value=${e.target.name === "q_organisme" ? "chercher" : "chercher_salarie"}]`)?.click();
});
document.addEventListener("click", async e => {
  const b = e.target.closest("form[data-saisie] button[name=action]");
  if (!b || !gestes.test(b.value)) return;
  e.preventDefault();
  const f = b.form, valeur = b.value;
  if (encours) await encours;
  try {
    const r = await fetch(f.getAttribute("action"), { method: "POST", body: corps(f, { action: valeur }) });
    const neuf = $("form[data-saisie]", new DOMParser().parseFromString(await r.text(), "text/html"));
    if (!r.ok || !neuf) throw r;
    f.replaceWith(neuf);
    const ou = { chercher: ".trouve", chercher_salarie: ".a-cocher input", choisir: "#stagiaires-titre", appliquer: ".saisies tbody tr:nth-child(2) input:not([type=hidden])" }[valeur]
      ?? (valeur.startsWith("prendre:") ? "#champ-organisme\\.nom" : valeur.startsWith("ajouter_") ? "" : "#saisie h2");
    const cibles = ou ? $$(ou) : $$(".saisies tbody tr:last-child input:not([type=hidden]), .ligne-saisie:last-of-type input");
    const vers = cibles[0];
    if (vers) { if (!vers.matches("a,button,input")) vers.tabIndex = -1; vers.focus(); }
    if (!/^(chercher|estimer)/.test(valeur)) { sale = true; bientot(); estimerBientot(); }
  } catch { f.requestSubmit(b); }
});
// Un bouton qui part tient compte de l’écriture en cours : la version est la bonne.
document.addEventListener("submit", e => {
  if (!e.target.matches("form[data-saisie]")) return;
  arrete = true;
  if (encours) {
    e.preventDefault(); e.stopImmediatePropagation();
    encours.finally(() => { delete e.target.dataset.parti; e.target.requestSubmit(e.submitter); });
  }
}, true);
