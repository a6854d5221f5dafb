package web_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

// TestACompanyInvoicesByThePages: the model of its invoice from its dossier, what lacks told
// on its field, the trial, the paper, and the envoi in one gesture (AK-47); by mouse, then by
// keyboard alone.
func TestACompanyInvoicesByThePages(t *testing.T) { parModes(t, visiterAvecFichiers, mains.rembourse) }

// TestACompanyInvoicesWithoutScripts is the same by who runs no script.
func TestACompanyInvoicesWithoutScripts(t *testing.T) {
	sansScripts(t, visiterAvecFichiers, mains.rembourse)
}

func (m mains) rembourse() {
	id := m.v.aRembourser()
	dossier := "/entreprise/dossiers/" + id
	m.entrer("e2")
	m.menu("/entreprise/dossiers")
	m.presser(`main a[href="`+dossier+`"]`, "")
	m.presser(`.vues a[href="`+dossier+`/factures"]`, "")
	m.presser(`main a[href="`+dossier+`/factures/nouvelle"]`, "")
	m.la(dossier + "/factures/nouvelle")

	m.presser(`main form button.principal`, "")
	m.pret(`.resume`)
	for _, champ := range []string{"numero", "forme_juridique", "fonction"} {
		m.voir(`((c)=>c.getAttribute("aria-invalid")+" "+c.getAttribute("aria-describedby").includes("champ-`+champ+`-faute"))(document.querySelector("#champ-`+champ+`"))`, "true true")
		m.voir(`document.querySelector("#champ-`+champ+`-faute").innerText.trim()!==""&&document.querySelector('.resume a[href="#champ-`+champ+`"]')!==null`, "true")
	}
	if d := m.v.chezSoi(id); len(d.Factures) != 0 {
		m.t.Fatalf("what lacks its mentions was sent: %+v", d.Factures)
	}

	m.saisit()
	dit(m.t, m.ctx, `(document.documentElement.dataset.avant="oui")`)
	m.presser(`main form button[value="essayer"]`, "")
	m.voir(`document.documentElement.dataset.avant===undefined&&document.querySelector("#verdict b")?.textContent.replaceAll("\u00a0"," ")`, "Nous paierons 1 412,40 €.")
	m.papier()
	m.presser(`main form button.principal`, "")
	m.voir(`document.querySelector(".dite")?.textContent.includes("Votre facture est envoyée")`, "true")
	m.la(dossier + "/factures")
	m.voir(`((t)=>t.includes("2026/07")&&t.includes("1 412,40 €"))(document.querySelector("main").innerText.replace(/\s/g," "))`, "true")
	m.v.facturee(id)
}

// saisit fills the invoice of S02 with what the company paid, and what its paper says.
func (m mains) saisit() {
	m.t.Helper()
	rang := func(l opco.Ligne) string {
		return dit(m.t, m.ctx, `[...document.querySelectorAll('input[name^="ligne_"]')].find(e=>e.value==="`+string(l)+`").name.slice(6)`)
	}
	m.taper("numero", "2026/07")
	for _, x := range []struct {
		ligne       opco.Ligne
		champ, paye string
	}{
		{opco.LignePeda, "prouve_", "2020,00"}, {opco.LigneRemuneration, "prouve_", "557,13"},
		{opco.LigneRepas, "ttc_", "59,40"}, {opco.LigneRepas, "tva_", "5,40"},
		{opco.LigneHebergement, "ttc_", "209,00"}, {opco.LigneHebergement, "tva_", "19,00"}, {opco.LigneTransport, "ttc_", "88,40"},
	} {
		m.taper(x.champ+rang(x.ligne), x.paye)
	}
	m.taper("of_numero", "PN-55")
	m.cocher(`[name=of_acquittee]`)
	m.taper("forme_juridique", "Association loi 1901")
	m.taper("signataire", "Hélène Roussillon")
	m.taper("fonction", "Directrice")
	m.taper("lieu", "Toulouse")
}

// papier downloads the invoice: the page stays as it was, and waits for nothing.
func (m mains) papier() {
	m.t.Helper()
	if !m.muet { // what a page says of an answer that is slow, it says at once
		dit(m.t, m.ctx, `((s)=>{window.setTimeout=(f,d,...x)=>s(f,d===4000?0:d,...x);return 0})(window.setTimeout)`)
	}
	if pdf := m.recevoir(`main form button[value="pdf"]`); !strings.HasPrefix(pdf, "%PDF") {
		m.t.Errorf("the paper: %.60q", pdf)
	}
	m.voir(`document.querySelector('[data-sujet="lent"]')===null&&document.querySelector("[name=numero]").value`, "2026/07")
}
