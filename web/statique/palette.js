// Ctrl K : chercher, aller, agir. « ? » : les touches de cette page.
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
const creer = (nom, proprietes, ...enfants) => { const e = Object.assign(document.createElement(nom), proprietes); e.append(...enfants); return e; };
const palette = $("#palette"), aide = $("#aide-clavier");
const visible = e => e.checkVisibility?.({ visibilityProperty: true }) ?? true;
const nom = e => (e.getAttribute("aria-label") ?? [...e.childNodes].filter(n => n.nodeName !== "KBD" && n.nodeName !== "svg").map(n => n.textContent).join(" ")).replace(/\s+/g, " ").trim();
const actions = () => $$("[aria-keyshortcuts]").filter(b => !b.closest("dialog") && !b.disabled && visible(b)).map(b => ({ b, nom: nom(b), touche: b.getAttribute("aria-keyshortcuts") }));
const plier = s => s.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

aide?.addEventListener("ouvrir", () => {
  const dl = $("[data-aide-page] dl", aide), lignes = actions().map(a => [[a.touche], a.nom]);
  if ($("[data-clavier]")) lignes.push([["J", "K"], "Descendre, monter dans la liste"], [["Entrée"], "Ouvrir la ligne"]);
  if ($("[data-clavier] input.ligne")) lignes.push([["X"], "Choisir la ligne"]);
  else if ($("[data-clavier] .pointage")) lignes.push([["X"], "Pointer la ligne"]);
  dl.replaceChildren(...lignes.flatMap(([ks, d]) => {
    const dt = creer("dt", {});
    ks.forEach((k, i) => dt.append(i ? " " : "", creer("kbd", { textContent: k })));
    return [dt, creer("dd", { textContent: d })];
  }));
  $("[data-aide-page]", aide).hidden = !lignes.length;
});

if (palette) {
  const champ = $("input", palette), liste = $("#palette-liste"), dit = $("[data-palette-dit]", palette);
  const [dossier, fleche, jouer, soleil, clavier] = $("[data-palette-icones]", palette).content.children;
  let ici = -1, attente, cours;
  const options = () => $$("[role=option]", liste);
  const viser = n => {
    const os = options();
    os[ici]?.setAttribute("aria-selected", "false");
    ici = os.length ? (n + os.length) % os.length : -1;
    const o = os[ici];
    o?.setAttribute("aria-selected", "true");
    o?.scrollIntoView({ block: "nearest" });
    if (o) champ.setAttribute("aria-activedescendant", o.id); else champ.removeAttribute("aria-activedescendant");
  };
  const option = (icone, texte, touche, faire, href) => {
    const o = creer(href ? "a" : "div", { tabIndex: -1 }, icone.cloneNode(true), creer("span", { textContent: texte }));
    if (href) o.href = href;
    o.setAttribute("role", "option"); o.setAttribute("aria-selected", "false");
    if (touche) o.append(creer("kbd", { textContent: touche }));
    if (faire) o.addEventListener("click", () => { palette.close(); faire(); });
    return o;
  };
  const groupe = (titre, os) => {
    if (!os.length) return [];
    const t = creer("p", { className: "palette-titre", textContent: titre }), g = creer("div", {}, t, ...os);
    t.setAttribute("aria-hidden", "true"); g.setAttribute("role", "group"); g.setAttribute("aria-label", titre);
    return [g];
  };
  const touche = k => () => document.dispatchEvent(new CustomEvent("guichet:touche", { detail: k }));
  const locales = q => {
    const va = t => !q || plier(t).includes(q);
    const actes = actions().filter(a => va(a.nom)).map(a => option(jouer, a.nom, a.touche, () => a.b.click()));
    const pages = $$(".menu nav a").map(a => [nom($("span", a) ?? a), a]).filter(([t]) => va(t)).map(([t, a]) => option($("svg", a) ?? fleche, t, "", null, a.href));
    const vue = [[soleil, "Clair ou sombre", "T", "t"], [fleche, "Lignes serrées ou aérées", "D", "d"], [clavier, "Toutes les touches", "?", "?"]].filter(([, t]) => va(t)).map(([i, t, k, l]) => option(i, t, k, touche(l)));
    return [...groupe("Sur cette page", actes), ...groupe("Aller à", pages), ...groupe("Affichage", vue)];
  };
  const montrer = (trouves, q) => {
    liste.replaceChildren(...trouves, ...locales(q));
    options().forEach((o, i) => { o.id = `palette-${i}`; });
    const n = options().length;
    dit.textContent = q ? (n ? `${n} résultat${n > 1 ? "s" : ""}` : "Rien ne correspond") : "";
    if (!n) liste.append(creer("p", { className: "palette-rien", textContent: "Rien ne correspond. Tapez le début d’un numéro ou d’un nom." }));
    ici = -1; viser(0);
  };
  const chercher = async () => {
    const q = champ.value.trim();
    cours?.abort();
    if (q.length < 3 || !palette.dataset.adresse) return montrer([], plier(q));
    cours = new AbortController();
    try {
      const r = await fetch(`${palette.dataset.adresse}?palette=1&q=${encodeURIComponent(q)}`, { signal: cours.signal });
      if (!r.ok || r.redirected) throw r;
      const trouves = new DOMParser().parseFromString(await r.text(), "text/html").body.children;
      montrer([...trouves], plier(q));
    } catch (e) { if (e.name !== "AbortError") montrer([], plier(q)); }
  };
  const ouvrir = () => { if ($("dialog:modal")) return; champ.value = ""; montrer([], ""); palette.showModal(); champ.focus(); };
  document.addEventListener("keydown", e => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "k") { e.preventDefault(); palette.open ? palette.close() : ouvrir(); }
  });
  document.addEventListener("click", e => { if (e.target.closest("[data-palette]")) { e.preventDefault(); ouvrir(); } });
  champ.addEventListener("input", () => { clearTimeout(attente); attente = setTimeout(chercher, 180); });
  champ.addEventListener("keydown", e => {
    const pas = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (pas) { e.preventDefault(); viser(ici + pas); }
    if (e.key === "Enter") { e.preventDefault(); options()[ici]?.click(); }
  });
  palette.addEventListener("click", e => { if (e.target === palette) palette.close(); });
}
