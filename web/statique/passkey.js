// Ajouter une clé d'accès : le serveur pose la question, l'appareil répond.
const creer = (nom, proprietes, ...enfants) => { const e = Object.assign(document.createElement(nom), proprietes); e.append(...enfants); return e; };
for (const f of document.querySelectorAll("form[data-cle]")) {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) continue;
  const bouton = f.querySelector("[data-cle-bouton]"), dit = f.querySelector("[data-cle-dit]"), mot = f.querySelector("[name=mot_de_passe_facteur]");
  bouton.hidden = false;
  const json = async (chemin, corps) => {
    const r = await fetch(f.dataset.cle + chemin, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(corps) });
    const lu = await r.json();
    if (!r.ok) throw lu;
    return lu;
  };
  const montrer = codes => {
    const suite = creer("a", { className: "bouton principal", href: f.dataset.suite, textContent: "Je les ai gardés" });
    const bloc = creer("section", { className: "pile", tabIndex: -1 },
      creer("h2", { textContent: "Vos codes de secours" }),
      creer("p", { textContent: "Votre clé est en place. Gardez ces codes maintenant : ils ne s’affichent qu’une fois, et chacun ouvre votre compte une seule fois si vous perdez votre clé." }),
      creer("ol", { className: "codes" }, ...codes.map(c => creer("li", {}, creer("code", { className: "id", textContent: c })))),
      creer("p", { className: "actions" }, suite));
    f.replaceWith(bloc);
    bloc.focus();
  };
  bouton.addEventListener("click", async () => {
    if (mot && !mot.reportValidity()) return;
    dit.textContent = "Votre appareil vous demande une confirmation.";
    try {
      const demande = await json("/depart", mot ? { mot_de_passe: mot.value } : {});
      const lu = JSON.parse(demande.options);
      const cle = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(lu.publicKey ?? lu) });
      const { codes } = await json("", { jeton: demande.jeton, libelle: "Clé d’accès", reponse: JSON.stringify(cle.toJSON()) });
      codes.length ? montrer(codes) : location.assign(f.dataset.suite);
    } catch (x) {
      dit.textContent = x.detail ?? (x.name === "InvalidStateError" ? "Cette clé est déjà enregistrée sur votre compte." : "La clé n’a pas répondu. Réessayez, ou choisissez une application de codes.");
    }
  });
}
