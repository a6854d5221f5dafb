// Ce qui arrive pendant que la page est ouverte. Rien ne bouge sous la main : on le dit, le lecteur choisit.
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
const creer = (nom, proprietes, ...enfants) => { const e = Object.assign(document.createElement(nom), proprietes); e.append(...enfants); return e; };
const flux = $("#direct"), annonces = $(".annonces");

// Une annonce par sujet : la nouvelle remplace l'ancienne.
const dire = (sujet, phrase, bouton, faire) => {
  if (!annonces) return;
  const p = $(`[data-sujet="${sujet}"]`, annonces) ?? annonces.appendChild(creer("p", { className: "annonce" }));
  p.dataset.sujet = sujet;
  p.replaceChildren(creer("span", { textContent: phrase }));
  if (bouton) { const b = creer("button", { type: "button", textContent: bouton }); b.addEventListener("click", faire); p.append(" ", b); }
};
const taire = sujet => $(`[data-sujet="${sujet}"]`, annonces ?? document)?.remove();
const recharger = () => location.reload();

// Les compteurs du menu.
const compter = comptes => {
  for (const a of $$(".menu nav a")) {
    const [texte, ton] = comptes[a.getAttribute("href")] ?? [];
    if (texte === undefined) continue;
    let c = $(".compte", a);
    if (!texte) { c?.remove(); continue; }
    if (c?.textContent === texte) continue;
    c?.remove();
    c = creer("span", { className: "compte neuf", textContent: texte });
    if (ton) c.dataset.ton = ton;
    a.append(c);
  }
};

// La liste : ce qui y change est dit ; de ce qui bouge ailleurs, seul est compté ce que son filtre montre, et c'est le serveur qui le sait.
const changes = new Set(), VENUS = 100;
let venus = new Set(), dedans = 0, demande = 0, question = 0;
const debut = () => { const u = new URL(location); u.searchParams.delete("apres"); u.searchParams.delete("avant"); location.assign(u); };
const annoncerListe = () => {
  const s = n => n > 1 ? "s" : "", dits = [];
  if (dedans) dits.push(`${dedans} dossier${s(dedans)} de ce filtre ${dedans > 1 ? "sont nouveaux ou ont" : "est nouveau ou a"} changé`);
  if (changes.size) dits.push(`${changes.size} dossier${s(changes.size)} de cette page ${changes.size > 1 ? "ont" : "a"} changé`);
  if (dits.length) dire("liste", dits.join(", ") + ".", "Afficher", dedans ? debut : recharger); else taire("liste");
};
const relireListe = () => dire("liste", "La liste a peut-être changé.", "Afficher", debut);
const compterVenus = async () => {
  demande = 0;
  if (venus.size > VENUS) return relireListe();
  const n = ++question, demandes = venus, q = new URLSearchParams({ ici: location.pathname + location.search, venus: [...venus].join() });
  try {
    const r = await fetch("/direct/liste?" + q, { cache: "no-store", headers: { Accept: "application/json" } });
    if (!r.ok) return relireListe();
    const ids = (await r.json()).ids;
    if (n !== question) return; // une question plus neuve a sa réponse
    // Ce que le filtre ne montre pas s'oublie ; ce qui est venu depuis attend sa question.
    venus = new Set([...ids, ...[...venus].filter(x => !demandes.has(x))]);
    dedans = ids.length;
    annoncerListe();
  } catch { relireListe(); }
};
const lister = n => {
  const liste = $("[data-liste]");
  if (!liste) return;
  if (n.relire) return relireListe();
  if ($(`a[href*="${n.id}"]`, liste)) { changes.add(n.id); return annoncerListe(); }
  venus = new Set([...venus, n.id]);
  // Cinq cents listes ouvertes ne demandent pas toutes au même instant.
  if (!demande) demande = setTimeout(compterVenus, 500 + Math.random() * 1500);
};

// Le dossier : sa place, son état et ses montants sont redessinés par le serveur ; le reste se recharge quand on veut.
const changer = n => {
  for (const [url, compte] of Object.entries(n.onglets ?? {})) {
    const c = $(`.vues a[href="${url}"] .compte`);
    if (c && c.textContent !== `${compte}`) c.replaceWith(creer("span", { className: "compte neuf", textContent: compte }));
  }
  dire("dossier", `Ce dossier vient de changer : ${n.libelle}.`, "Afficher", recharger);
};

// Une action sur plusieurs dossiers : son avancement est redessiné, la fin d'une étape se dit.
let etape = $("#avancement")?.dataset.etape;
const avancer = n => { if (etape && etape !== n.etat) dire("action", n.phrase, n.entier ? "" : "Afficher", recharger); etape = n.etat; };

// Qui d'autre de l'OPCO a ce dossier sous les yeux.
const montrer = n => {
  let p = $("#presence");
  if (!n.phrase) { p?.remove(); return; }
  if (!p) {
    p = creer("p", { id: "presence", className: "presence" });
    p.setAttribute("role", "status");
    ($(".entete") ?? $("#contenu")).after(p);
  }
  p.textContent = n.phrase;
};

// Le réseau : ce qui est tapé reste là, et ne repart que si la personne le veut.
let perdue = false;
const perdre = phrase => {
  perdue = true;
  let b = $(".reseau");
  if (!b) {
    b = creer("div", { className: "reseau" });
    b.setAttribute("role", "alert");
    document.body.append(b);
  }
  b.textContent = phrase;
};
const retrouver = () => { perdue = false; $(".reseau")?.remove(); };
const PERDUE = "Connexion perdue. Vos saisies restent ici. Nous réessayons.";
const repond = async () => {
  try { return (await fetch("/api/sante", { cache: "no-store", signal: AbortSignal.timeout(4000) })).ok; } catch { return false; }
};
addEventListener("offline", () => perdre(PERDUE));
addEventListener("online", async () => { if (await repond()) retrouver(); });
document.addEventListener("submit", e => {
  const f = e.target, b = e.submitter;
  if (f.getAttribute("method") === "dialog" || e.defaultPrevented) return;
  if ((perdue || !navigator.onLine) && !f.dataset.essaye) {
    e.preventDefault();
    delete f.dataset.parti;
    repond().then(oui => {
      if (!oui) return perdre("Connexion perdue : rien n’est parti. Vos saisies restent ici. Renvoyez quand la connexion revient.");
      retrouver();
      f.dataset.essaye = "oui";
      f.requestSubmit(b);
    });
    return;
  }
  delete f.dataset.essaye;
  if (b?.formTarget || b?.name === "action" && b.value === "pdf") return; // la page reste : elle n'attend pas une autre page
  setTimeout(() => dire("lent", "L’envoi prend du temps. Ne renvoyez rien : nous attendons la réponse."), 4000);
}, true);

if (flux) {
  const lire = f => e => { try { f(JSON.parse(e.detail.data)); } catch { } };
  for (const [nom, f] of Object.entries({ menu: compter, liste: lister, dossier: changer, action: avancer, presence: montrer })) flux.addEventListener(nom, lire(f));
  flux.addEventListener("htmx:sse:before:message", e => { const m = e.detail.message, cible = !m.event && /hx-target="([^"]+)"/.exec(m.data)?.[1]; if (cible && !$(cible)) e.preventDefault(); });
  let essais = 0;
  const rouvrir = () => {
    essais++;
    setTimeout(() => { if (!flux._htmx?.sse && !document.hidden) htmx.ajax("GET", flux.getAttribute("hx-sse:connect"), { source: flux, swap: "none" }); }, Math.min(60000, 1000 * 2 ** essais) * (0.7 + Math.random() * 0.6));
  };
  const finir = statut => {
    if (statut === 401 || statut === 403) {
      dire("session", "Votre session est fermée. Vos saisies restent ici : à votre prochain envoi, reconnectez-vous et elles reviennent.");
      flux.removeAttribute("hx-sse:connect"); // htmx ne réessaie plus
      htmx.trigger?.(flux, "htmx:abort");
      flux.remove();
      return;
    }
    if (statut === 404) return flux.remove();
    perdre(PERDUE);
  };
  let coupures = 0;
  let ouvert = false;
  flux.addEventListener("htmx:sse:after:connection", () => {
    essais = coupures = 0;
    retrouver();
    if (ouvert && $("[data-liste]")) relireListe(); // ce qui s'est passé entre-temps n'a pas été entendu
    ouvert = true;
  });
  flux.addEventListener("htmx:sse:error", e => { const s = e.detail.status; if (s) finir(s); else if (++coupures > 1) perdre(PERDUE); });
  flux.addEventListener("htmx:response:error", e => { finir(e.detail.ctx.response.status); if (flux.isConnected) rouvrir(); });
  flux.addEventListener("htmx:error", () => { perdre(PERDUE); rouvrir(); });
  addEventListener("pagehide", () => flux._htmx?.sse?.reader?.cancel());
}
