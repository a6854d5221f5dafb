// La file des habilitations : sa première demande, et la somme des réponses.
const $$ = (s, r = document) => [...r.querySelectorAll(s)];
const premiere = document.querySelector(".demandes a");
// Sur un écran large, la file ouvre sa première demande, sauf s'il y a quelque chose à lire d'abord.
if (location.pathname === "/habilitations" && !location.search && premiere && !document.querySelector(".dite") && matchMedia("(width>=64rem)").matches) location.replace(premiere.href);
for (const f of $$("[data-reponses]")) {
  const somme = document.querySelector(".decision b");
  const compter = () => {
    const n = v => $$(`input[type=radio][value=${v}]:checked`, f).length, s = k => k > 1 ? "s" : "";
    const a = n("accorder"), r = n("refuser");
    if (somme) somme.textContent = `${a} accordé${s(a)}, ${r} refusé${s(r)}`;
  };
  f.addEventListener("change", compter);
  f.addEventListener("click", e => {
    const b = e.target.closest("button[name=action]");
    if (!b) return;
    e.preventDefault();
    for (const i of $$(`input[type=radio][value=${b.value === "tout_accorder" ? "accorder" : "refuser"}]`, f)) i.checked = true;
    compter();
  });
}
