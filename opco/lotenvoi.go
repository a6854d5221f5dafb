package opco

import "fmt"

// EnvoiLot is what is known of a payment file when it is to be put in the folder of
// the bank.
type EnvoiLot struct {
	Empreinte string // SHA-256 of the file
	Change    bool   // a line of the lot is not what was validated
	Marque    bool   // it was about to appear there once: it may have left, even if it is not there
	// Marquer notes for good, before the file can be seen there, that it is about to.
	Marquer func() error
}

// FichierDisparu is the code of the échéance by which a lot is told that its file,
// which was about to leave, is not in the folder of the bank.
const FichierDisparu = "fichier_disparu"

// transmettre notes that the bank's folder holds the file, and arms the alerts:
// no answer one bank day later (R04), its outcome unknown after the délai of the
// OPCO, no execution three bank days after the day on which the bank was asked to
// pay (R05).
func (p *pasLot) transmettre() error {
	p.l.TransmisLe, p.l.Etat = p.f.Le, LotTransmis
	jour, r := JourDe(p.f.Le), p.f.Parametres
	for _, x := range []struct {
		code string
		de   Date
		n    int
	}{{"sans_reponse", jour, 1}, {"inconnu", jour, r.BanqueInconnuJours}, {sansExecution, max(jour, p.l.Execution), r.AlerteBanqueJours}} {
		j := x.de.JoursOuvres(x.n, p.f.Calendrier)
		p.armer(ActeAlerterLot, x.code, j.Heure(8, 0), j)
	}
	p.dire("Fichier du lot %s remis à la banque. On attend sa réponse.", p.l.ID)
	return nil
}

// sansExecution is the code of the last of these échéances.
const sansExecution = "sans_execution"

// alerter tells the comptable and ops that the bank is silent (R04, R05). Beyond
// the délai the outcome is unknown, which is a state: nothing is sent again, and
// the sentence says what to do.
func (p *pasLot) alerter() error {
	attendus, quoi, code := []EtatReglement{ReglementEmis}, "n’a pas répondu", ""
	if p.ech != nil {
		code = p.ech.Code
	}
	if p.l.Etat == LotEmis {
		return p.perdre(code)
	}
	if code == sansExecution {
		attendus, quoi = append(attendus, ReglementAccepte), "n’a pas confirmé l’exécution"
	}
	reste := p.l.totalEtat(attendus...)
	if reste == 0 {
		p.dire("La banque a répondu pour tout le lot.")
		return nil
	}
	p.dire("La banque %s pour %s du lot %s. La comptabilité l’appelle ; rien n’est renvoyé.", quoi, reste, p.l.ID)
	if code == "inconnu" || code == sansExecution {
		p.l.Etat = LotInconnu
		p.dire("La banque %s pour %s du lot %s : leur issue est inconnue. La comptabilité lit le relevé du compte, propose ce qu’il dit, "+
			"et une autre personne le confirme. Rien n’est renvoyé.", quoi, reste, p.l.ID)
	}
	p.e.Motif, p.e.Alerte = "BANQUE_MUETTE", p.e.Phrase
	return nil
}

// perdre notes that the file was about to appear in the folder of the bank and is not
// there: it may have left, so its outcome is unknown, and only the bank or its
// statement tells it.
func (p *pasLot) perdre(code string) error {
	if code != FichierDisparu {
		return fmt.Errorf("lot %s is on its way: the bank cannot be silent yet", p.l.ID)
	}
	p.l.Etat = LotInconnu
	j := max(JourDe(p.f.Le), p.l.Execution).JoursOuvres(p.f.Parametres.AlerteBanqueJours, p.f.Calendrier)
	p.armer(ActeAlerterLot, sansExecution, j.Heure(8, 0), j)
	p.dire("Le fichier du lot %s partait vers le dossier de la banque et n’y est pas : il a pu être pris, déplacé ou perdu, et %s ont pu être payés. "+
		"Leur issue est inconnue. Rien n’est renvoyé : la comptabilité appelle la banque et lit le relevé, propose ce qu’il dit, et une autre "+
		"personne le confirme.", p.l.ID, p.l.totalEtat(ReglementEmis))
	p.e.Motif, p.e.Alerte = "FICHIER_DISPARU", p.e.Phrase
	return nil
}
