// A tick of a payment is kept at once, without leaving the page. When it cannot be, the
// box comes back as it was and the page says so; without this script the button is a form.
const dire = (texte) => {
	const zone = document.querySelector(".annonces");
	if (zone) zone.textContent = texte;
};

const basculer = (bouton, pointe) => {
	bouton.setAttribute("aria-pressed", String(pointe));
	bouton.value = pointe ? "non" : "oui";
};

document.addEventListener("submit", async (e) => {
	const forme = e.target;
	if (!forme.matches("form.pointage")) return;
	e.preventDefault();
	const bouton = e.submitter ?? forme.querySelector("button");
	if (bouton.getAttribute("aria-disabled") === "true") return;
	const pointe = bouton.value === "oui";
	const corps = new URLSearchParams(new FormData(forme));
	corps.set("pointe", bouton.value);
	basculer(bouton, pointe);
	bouton.setAttribute("aria-disabled", "true");
	try {
		const r = await fetch(forme.getAttribute("action"), { method: "POST", body: corps, mode: "cors", credentials: "same-origin", redirect: "manual" });
		if (r.status !== 204) throw new Error(String(r.status));
		bouton.title = "";
		dire(pointe ? "Règlement pointé." : "Pointage retiré.");
	} catch {
		basculer(bouton, !pointe);
		dire("Ce pointage n’a pas été gardé. Vérifiez votre connexion, puis recommencez.");
	}
	bouton.removeAttribute("aria-disabled");
});
