// Entrer avec une clé d'accès : le serveur pose la question, l'appareil répond. Sans ce fichier, il reste le code.
const demander = async (chemin, corps) => {
  const r = await fetch(chemin, { method: "POST", headers: corps && { "Content-Type": "application/json" }, body: corps && JSON.stringify(corps) });
  const lu = await r.json();
  if (!r.ok) throw lu;
  return lu;
};
for (const p of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  p.hidden = false;
  const dit = p.querySelector("[role=status]"), bouton = p.querySelector("button");
  bouton.addEventListener("click", async () => {
    bouton.disabled = true;
    dit.textContent = "Votre appareil vous demande une confirmation.";
    try {
      const d = await demander(p.dataset.depart), o = JSON.parse(d.options);
      const cle = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(o.publicKey ?? o) });
      await demander(p.dataset.passkey, { jeton: d.jeton, reponse: JSON.stringify(cle.toJSON()) });
      location.assign(p.dataset.vers || "/");
    } catch (x) {
      dit.textContent = x.detail ?? "La clé n’a pas répondu. Réessayez, ou entrez autrement.";
      bouton.disabled = false;
    }
  });
}
