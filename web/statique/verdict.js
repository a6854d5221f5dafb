// While an invoice, a certificat or an avoir is typed, what we would do of it is asked of the very rules, and shown
// in place. Without this script the button « Vérifier sans envoyer » does the same.
const forme = document.querySelector("form[data-verdict]");
let attente, question = 0;

const demander = async () => {
	const numero = ++question;
	const corps = new FormData(forme);
	corps.delete("fichier");
	corps.delete("retirer"); // a question takes nothing off the form
	corps.set("action", "essayer");
	try {
		const r = await fetch(forme.getAttribute("action"), { method: "POST", body: corps, credentials: "same-origin" });
		if (numero !== question) return;
		const page = new DOMParser().parseFromString(await r.text(), "text/html");
		const neuf = page.getElementById(forme.dataset.verdict);
		const ici = document.getElementById(forme.dataset.verdict);
		ici?.replaceChildren(...(r.status === 200 && neuf ? neuf.childNodes : [])); // what no longer reads has no verdict
	} catch {
		// The button says the same.
	}
};

forme?.addEventListener("input", (e) => {
	if (e.target.type === "file") return;
	clearTimeout(attente);
	attente = setTimeout(() => (!forme.elements.numero || forme.elements.numero.value.trim()) && demander(), 500);
});
