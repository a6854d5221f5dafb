// La lettre s'écrit à mesure des cases cochées ; sans ce fichier, un bouton la montre.
const f = document.querySelector("form[data-acte]"), voir = document.querySelector("[data-apercu]");
if (f && voir) {
  let attente;
  const montrer = () => { clearTimeout(attente); attente = setTimeout(() => f.requestSubmit(voir), 400); };
  f.addEventListener("change", montrer);
  f.addEventListener("input", e => { if (e.target.matches("textarea,input[type=text],input:not([type])")) montrer(); });
  // Un aperçu n'est pas un envoi : le formulaire peut repartir.
  f.addEventListener("submit", e => { if (e.submitter === voir) setTimeout(() => { delete f.dataset.parti; f.querySelectorAll("[aria-disabled]").forEach(b => b.removeAttribute("aria-disabled")); document.querySelectorAll("button[form=acte]").forEach(b => b.removeAttribute("aria-disabled")); }); }, true);
  voir.click();
}
// Nommer un collègue d'un clic.
const note = document.querySelector("#champ-texte");
for (const b of document.querySelectorAll("[data-nommer]")) {
  if (!note) break;
  const bouton = Object.assign(document.createElement("button"), { type: "button", className: "puce", textContent: b.textContent });
  bouton.addEventListener("click", () => { note.setRangeText(b.dataset.nommer + " ", note.selectionStart, note.selectionEnd, "end"); note.focus(); });
  b.replaceWith(bouton);
}
