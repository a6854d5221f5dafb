// Déposer plusieurs fichiers : chacun part seul, avec sa progression. Sans ce fichier, le formulaire les envoie ensemble.
const creer = (nom, proprietes, ...enfants) => { const e = Object.assign(document.createElement(nom), proprietes); e.append(...enfants); return e; };
customElements.define("guichet-depot", class extends HTMLElement {
  connectedCallback() {
    this.f = this.querySelector("form"); this.champ = this.querySelector("input[type=file]"); this.liste = this.querySelector(".envois");
    this.file = Promise.resolve(); this.passes = 0; this.restent = 0;
    const zone = this.querySelector(".depot");
    zone.addEventListener("dragover", e => { e.preventDefault(); zone.dataset.survol = ""; });
    zone.addEventListener("dragleave", () => delete zone.dataset.survol);
    zone.addEventListener("drop", e => { e.preventDefault(); delete zone.dataset.survol; this.prendre(e.dataTransfer.files); });
    this.champ.addEventListener("change", () => { this.prendre(this.champ.files); this.champ.value = ""; });
  }
  prendre(fichiers) {
    for (const fichier of fichiers) {
      const pour100 = creer("b", { textContent: "en attente" }), barre = creer("progress", { value: 0, max: 100 });
      barre.setAttribute("aria-label", `Envoi de ${fichier.name}`);
      const ligne = creer("li", {}, creer("span", { className: "coupable", textContent: fichier.name }), pour100, barre);
      this.liste.append(ligne); this.restent++;
      const dits = ["type", "titre", "commentaire"].map(nom => [nom, this.f.elements[nom]?.value ?? ""]);
      this.file = this.file.then(() => this.envoyer(fichier, dits, ligne, pour100, barre)).finally(() => { if (--this.restent === 0 && this.passes) this.rafraichir(); });
    }
  }
  envoyer(fichier, dits, ligne, pour100, barre) {
    return new Promise(fini => {
      const corps = new FormData();
      corps.append("pour", this.f.elements.pour?.value ?? ""); corps.append("acte_id", this.f.elements.acte_id.value);
      for (const [nom, dit] of dits) corps.append(nom, dit);
      if (this.f.elements.facture) corps.append("facture", this.f.elements.facture.value);
      corps.append("fichier", fichier, fichier.name);
      const x = new XMLHttpRequest();
      x.open("POST", this.f.getAttribute("action")); x.setRequestHeader("X-Depot", "1"); x.responseType = "document";
      x.upload.addEventListener("progress", e => { if (e.lengthComputable) { barre.value = Math.round(100 * e.loaded / e.total); pour100.textContent = `${barre.value} %`; } });
      const dire = phrase => { barre.remove(); pour100.className = "etat"; pour100.dataset.ton = "rouge"; pour100.textContent = phrase; fini(); };
      x.addEventListener("load", () => {
        const recue = x.response?.querySelector(".envois li");
        if (!recue) return dire(x.status === 401 ? "Votre session est finie : reconnectez-vous, puis envoyez-le de nouveau." : "L’envoi n’a pas abouti. Envoyez ce fichier de nouveau.");
        if (x.status === 200) this.passes++;
        ligne.replaceWith(recue); fini();
      });
      x.addEventListener("error", () => dire("Nous ne savons pas si ce fichier est arrivé. Envoyez-le de nouveau : il ne sera gardé qu’une fois."));
      x.send(corps);
    });
  }
  // Ce qui a changé sur la page revient, sans perdre ce qui vient d'être dit de chaque fichier.
  async rafraichir() {
    this.passes = 0;
    if (!this.liste.querySelector('[data-ton="rouge"]')) for (const nom of ["titre", "commentaire"]) if (this.f.elements[nom]) this.f.elements[nom].value = "";
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      for (const id of ["ouenest", "pieces-liste"]) {
        const neuf = page.getElementById(id), vieux = document.getElementById(id);
        if (neuf && vieux) vieux.replaceWith(neuf);
      }
    } catch { }
  }
});
