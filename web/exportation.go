package web

import (
	"context"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurExport is the door of the lists as files.
type InterieurExport interface {
	// Exporter sends a whole list as a file.
	Exporter(c *gin.Context, format string, t api.Tableau) error
}

// Exporter sends a whole list as a file. Once it has begun to leave, what fails is the
// line: the browser says by itself that the file is not whole.
func (p porteInterieur) Exporter(c *gin.Context, format string, t api.Tableau) error {
	x, err := p.Server.Exporter(c.Request.Context(), format, t)
	if err != nil {
		return err
	}
	if err := x.Envoyer(c.Writer); err != nil && !c.Writer.Written() {
		return err
	}
	return nil
}

// exporter answers with the whole list, when its page is asked for as a file; the
// filter must be one that reads.
func (w *Web) exporter(c *gin.Context, fautes []Faute, t api.Tableau) bool {
	format := c.Query("format")
	if len(fautes) > 0 || format != api.FormatCSV && format != api.FormatXLSX {
		return false
	}
	if err := w.Interieur.Exporter(c, format, t); err != nil {
		w.echouer(c, err)
	}
	return true
}

// tousLesRangs reads a list a page after another, and writes each of its lines.
func tousLesRangs[L any](c *gin.Context, lire func(c *gin.Context, apres string) ([]L, string, error), ligne func(L) []any) func(context.Context, func(...any) error) error {
	return func(ctx context.Context, voir func(...any) error) error {
		sien := contexte(c)
		sien.Request = c.Request.WithContext(ctx)
		for apres := ""; ; {
			ls, suivant, err := lire(sien, apres)
			if err != nil {
				return err
			}
			for _, l := range ls {
				if err := voir(ligne(l)...); err != nil {
					return err
				}
			}
			if suivant == "" {
				return nil
			}
			apres = suivant
		}
	}
}

// exportDe is the address from which the list that c shows is exported, with its
// filter; "" when it shows nothing.
func exportDe(c *gin.Context, lignes int) string {
	if lignes == 0 {
		return ""
	}
	return adresseFiltree(c.Request.URL.Path, c.Request.URL.Query(), "apres", "", "avant", "", "format", "")
}

// adresseExport is the address of the page ici as a file.
func adresseExport(ici, format string) string {
	chemin, filtre, _ := strings.Cut(ici, "?")
	q, _ := url.ParseQuery(filtre) // ours
	return adresseFiltree(chemin, q, "format", format)
}

var colonnesDossier = []api.Colonne{{Titre: "N° de dossier", Largeur: 16}, {Titre: "État", Largeur: 22}, {Titre: "Entreprise", Largeur: 32}, {Titre: "Établissement", Largeur: 17},
	{Titre: "Organisme", Largeur: 32}, {Titre: "SIRET de l’organisme", Largeur: 17}, {Titre: "Branche (IDCC)", Largeur: 14}, {Titre: "Formation", Largeur: 42},
	{Titre: "Début", Largeur: 12}, {Titre: "Fin", Largeur: 12}, {Titre: "Envoyé le", Largeur: 12}, {Titre: "Demandé (€)", Largeur: 14}, {Titre: "Accordé (€)", Largeur: 14},
	{Titre: "Payé (€)", Largeur: 14}, {Titre: "Délai légal", Largeur: 12}, {Titre: "Qui agit", Largeur: 30}}

func rangDossier(l store.LigneDossier) []any {
	var depose opco.Date
	if l.DeposeLe != nil {
		depose = opco.JourDe(*l.DeposeLe)
	}
	return []any{l.Numero, l.Libelle, l.Entreprise, l.Etablissement, l.OrganismeNom, l.Organisme, l.IDCC, l.Intitule, l.Debut, l.Fin, depose,
		l.Demande, l.Accorde, l.Paye, l.Limite, l.QuiAgit}
}

// tableauDossiers is a list of dossiers.
func (w *Web) tableauDossiers(c *gin.Context, f store.Filtre) api.Tableau {
	return api.Tableau{Nom: "dossiers", Feuille: "Dossiers", Colonnes: colonnesDossier, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneDossier, string, error) {
		f.Apres, f.Avant = apres, ""
		page, err := w.Interieur.ListeDeDossiers(c, f)
		return page.Dossiers, page.Suivant, err
	}, rangDossier)}
}

// tableauFile is a queue, with who instructs and why it waits.
func (w *Web) tableauFile(c *gin.Context, f store.FiltreFile) api.Tableau {
	t := api.Tableau{Nom: "file", Feuille: "File", Colonnes: append(colonnesDossier[:len(colonnesDossier):len(colonnesDossier)], api.Colonne{Titre: "Jours ouvrés restants", Largeur: 12},
		api.Colonne{Titre: "Ce qui bloque", Largeur: 40}, api.Colonne{Titre: "Instruit par", Largeur: 26}, api.Colonne{Titre: "Confié à", Largeur: 26})}
	t.Lignes = tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneFile, string, error) {
		f.Apres = apres
		page, err := w.Interieur.FileTravail(c, f)
		return page.Dossiers, page.Suivant, err
	}, func(l store.LigneFile) []any {
		var jours any
		if l.JoursOuvres != nil {
			jours = *l.JoursOuvres
		}
		return append(rangDossier(l.LigneDossier), jours, l.Blocage.Quoi, l.InstructeurNom, l.AttribueA)
	})
	return t
}

// tableauReglements are the règlements of the desk of the comptable.
func (w *Web) tableauReglements(c *gin.Context, f store.FiltreReglements) api.Tableau {
	return api.Tableau{Nom: "factures-a-payer", Feuille: "À payer", Colonnes: colonnesReglement, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneReglement, string, error) {
		f.Apres = apres
		page, err := w.Interieur.Reglements(c, f)
		return page.Reglements, page.Suivant, err
	}, rangReglement)}
}

var colonnesReglement = []api.Colonne{{Titre: "N° de règlement", Largeur: 16}, {Titre: "N° de dossier", Largeur: 16}, {Titre: "Facture", Largeur: 18}, {Titre: "Bénéficiaire", Largeur: 34},
	{Titre: "SIRET", Largeur: 17}, {Titre: "Compte", Largeur: 26}, {Titre: "Montant (€)", Largeur: 14}, {Titre: "À payer avant le", Largeur: 14}, {Titre: "Lot", Largeur: 14}}

func rangReglement(l store.LigneReglement) []any {
	return []any{l.Numero, l.DossierNumero, l.FactureNumero, l.BeneficiaireNom, l.Beneficiaire, l.IBAN, l.Montant, l.Echeance, l.Lot}
}

// tableauRejets are the rejections to treat.
func (w *Web) tableauRejets(c *gin.Context) api.Tableau {
	colonnes := append(colonnesReglement[:len(colonnesReglement):len(colonnesReglement)], api.Colonne{Titre: "Motif", Largeur: 10}, api.Colonne{Titre: "Ce que dit la banque", Largeur: 48}, api.Colonne{Titre: "Le", Largeur: 12})
	return api.Tableau{Nom: "rejets", Feuille: "Rejets", Colonnes: colonnes, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneRejet, string, error) {
		page, err := w.Interieur.Rejets(c, apres)
		return page.Rejets, page.Suivant, err
	}, func(l store.LigneRejet) []any {
		return append(rangReglement(l.LigneReglement), l.Motif, l.Cause, opco.JourDe(l.LeJour))
	})}
}

// tableauLots are the lots of some états.
func (w *Web) tableauLots(c *gin.Context, etats []opco.EtatLot) api.Tableau {
	colonnes := []api.Colonne{{Titre: "Lot", Largeur: 16}, {Titre: "État", Largeur: 22}, {Titre: "Exécution", Largeur: 12}, {Titre: "Règlements", Largeur: 11}, {Titre: "Somme (€)", Largeur: 16},
		{Titre: "Payé (€)", Largeur: 16}, {Titre: "Rejeté (€)", Largeur: 14}, {Titre: "Retourné (€)", Largeur: 14}, {Titre: "Préparé par", Largeur: 26}, {Titre: "Validé par", Largeur: 26}, {Titre: "Préparé le", Largeur: 12}}
	return api.Tableau{Nom: "lots", Feuille: "Lots", Colonnes: colonnes, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneLot, string, error) {
		return w.Interieur.Lots(c, etats, apres)
	}, func(l store.LigneLot) []any {
		return []any{l.ID, l.Etat.String(), l.Execution, l.Nombre, l.Somme, l.Execute, l.Rejete, l.Retourne, l.CreePar, l.ValidePar, opco.JourDe(l.CreeLe)}
	})}
}

// tableauEnveloppes are envelopes with their balances.
func (w *Web) tableauEnveloppes(c *gin.Context, f store.FiltreEnveloppes) api.Tableau {
	colonnes := []api.Colonne{{Titre: "Entreprise", Largeur: 34}, {Titre: "SIREN", Largeur: 12}, {Titre: "Année", Largeur: 8}, {Titre: "Fonds", Largeur: 16}, {Titre: "Enveloppe", Largeur: 34},
		{Titre: "Dotation (€)", Largeur: 16}, {Titre: "Disponible (€)", Largeur: 16}, {Titre: "Engagé (€)", Largeur: 16}, {Titre: "Service fait (€)", Largeur: 16}, {Titre: "Ordonnancé (€)", Largeur: 16}, {Titre: "Payé (€)", Largeur: 16}}
	return api.Tableau{Nom: "enveloppes", Feuille: "Enveloppes", Colonnes: colonnes, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneEnveloppe, string, error) {
		f.Apres = apres
		page, err := w.Interieur.Enveloppes(c, f)
		return page.Enveloppes, page.Suivant, err
	}, func(l store.LigneEnveloppe) []any {
		var annee any
		if l.Annee != 0 {
			annee = l.Annee
		}
		return []any{l.Nom, l.SIREN, annee, l.Fonds, l.Libelle, l.Dotation, l.Disponible, l.Engage, l.ServiceFait, l.Ordonnance, l.Paye}
	})}
}

// tableauFactures are the invoices that a company follows.
func (w *Web) tableauFactures(c *gin.Context, f store.FiltreSuivi) api.Tableau {
	colonnes := []api.Colonne{{Titre: "Facture", Largeur: 18}, {Titre: "Reçue le", Largeur: 12}, {Titre: "N° de dossier", Largeur: 16}, {Titre: "Formation", Largeur: 42}, {Titre: "Organisme", Largeur: 32},
		{Titre: "SIRET de l’émetteur", Largeur: 17}, {Titre: "Montant HT (€)", Largeur: 14}, {Titre: "Payée au plus tard", Largeur: 14}, {Titre: "État", Largeur: 24}}
	return api.Tableau{Nom: "factures", Feuille: "Factures", Colonnes: colonnes, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneFactureSuivie, string, error) {
		f.Apres = apres
		return w.Interieur.FacturesSuivies(c, f)
	}, func(l store.LigneFactureSuivie) []any {
		return []any{l.Numero, l.RecueLe, l.DossierNum, l.Intitule, l.Organisme, string(l.Emetteur), l.TotalHT, l.EcheanceLe, marqueFacture(l.Etat).Libelle}
	})}
}

// tableauReglementsSuivis are the payments that a company follows.
func (w *Web) tableauReglementsSuivis(c *gin.Context, f store.FiltreSuivi) api.Tableau {
	colonnes := []api.Colonne{{Titre: "N° de règlement", Largeur: 16}, {Titre: "N° de dossier", Largeur: 16}, {Titre: "Formation", Largeur: 42}, {Titre: "Facture", Largeur: 18}, {Titre: "Organisme", Largeur: 32},
		{Titre: "SIRET du bénéficiaire", Largeur: 17}, {Titre: "Montant (€)", Largeur: 14}, {Titre: "Payé le", Largeur: 12}, {Titre: "Au plus tard le", Largeur: 14}, {Titre: "État", Largeur: 24}}
	return api.Tableau{Nom: "reglements", Feuille: "Règlements", Colonnes: colonnes, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneReglementSuivi, string, error) {
		f.Apres = apres
		return w.Interieur.ReglementsSuivis(c, f)
	}, func(l store.LigneReglementSuivi) []any {
		return []any{l.Numero, l.DossierNum, l.Intitule, l.Facture, l.Organisme, string(l.Beneficiaire), l.Montant, l.ExecuteLe, l.Echeance, marquesVersement[l.Etat].Libelle}
	})}
}

// tableauResultats are what became of the dossiers of an action.
func (w *Web) tableauResultats(c *gin.Context, id string) api.Tableau {
	colonnes := []api.Colonne{{Titre: "Dossier", Largeur: 16}, {Titre: "Entreprise", Largeur: 34}, {Titre: "Résultat", Largeur: 14}, {Titre: "Pourquoi", Largeur: 60}}
	return api.Tableau{Nom: "resultats", Feuille: "Résultats", Colonnes: colonnes, Lignes: func(ctx context.Context, voir func(...any) error) error {
		sien, apres := contexte(c), 0
		sien.Request = c.Request.WithContext(ctx)
		for {
			const page = 1000
			es, err := w.Interieur.ElementsLot(sien, id, nil, apres, page)
			if err != nil {
				return err
			}
			for _, e := range es {
				if err := voir(e.Numero, e.Entreprise, dansLot[e.Etat].Texte, e.Phrase); err != nil {
					return err
				}
			}
			if len(es) < page {
				return nil
			}
			apres = es[page-1].N
		}
	}}
}

// getResultats answers GET /instruction/lots/:id/resultats.csv.
func (w *Web) getResultats(c *gin.Context) {
	if _, err := w.Interieur.ActionLot(c, c.Param("id")); err != nil {
		w.echouer(c, err)
		return
	}
	if err := w.Interieur.Exporter(c, api.FormatCSV, w.tableauResultats(c, c.Param("id"))); err != nil {
		w.echouer(c, err)
	}
}
