package opco

import (
	"fmt"
	"strings"
)

// Signal is one sign of fraud (domain.md 3.11). It explains itself with the figures
// that it was computed from, and never refuses alone.
type Signal struct {
	Code   string `json:"code"`
	Points int    `json:"points"`
	Texte  string `json:"texte"` // French sentence: what was seen
}

// The signs of a dossier. Those of bank details on their way are with the RIB.
const (
	SignalIBANPartage = "IBAN_PARTAGE"
	SignalIBANEtrange = "IBAN_ETRANGER"
	SignalIBANChange  = "IBAN_CHANGE"
	SignalMemeSIREN   = "MEME_SIREN"
	SignalAdresse     = "ADRESSE_PARTAGEE"
	SignalContact     = "CONTACT_PARTAGE"
	SignalOrganisme   = "ORGANISME_ETAT"
	SignalQualiopi    = "QUALIOPI_PERDUE"
	SignalNouveau     = "ORGANISME_NOUVEAU"
	SignalVolume      = "VOLUME_SOUDAIN"
	SignalDeuxLieux   = "DEUX_LIEUX"
	SignalCertificat  = "CERTIFICAT_IDENTIQUE"
	SignalListe       = "LISTE_REPETEE"
	SignalEffectif    = "EFFECTIF"
	SignalHeuresJour  = "HEURES_JOUR"
	SignalPrixPlafond = "PRIX_PLAFOND"
	SignalPrixBranche = "PRIX_BRANCHE"
	SignalDepotVeille = "DEPOT_VEILLE"
	SignalDepotNuit   = "DEPOT_NUIT"
)

// titresSignal name the signs in a list, in the order in which they are offered.
var titresSignal = []struct{ code, titre string }{
	{SignalIBANPartage, "Compte bancaire partagé"}, {SignalIBANChange, "Compte bancaire changé"}, {SignalIBANEtrange, "Compte hors de France"},
	{SignalCertificat, "Certificat déjà vu"}, {SignalMemeSIREN, "Même SIREN"}, {SignalAdresse, "Adresse commune"}, {SignalContact, "Contact commun"},
	{SignalOrganisme, "Organisme suspendu"}, {SignalQualiopi, "Qualiopi perdue"}, {SignalNouveau, "Organisme nouveau"}, {SignalVolume, "Hausse soudaine"},
	{SignalDeuxLieux, "Stagiaire en deux lieux"}, {SignalListe, "Liste de stagiaires répétée"}, {SignalEffectif, "Plus de stagiaires que de salariés"},
	{SignalHeuresJour, "Journées trop longues"}, {SignalPrixPlafond, "Prix au-dessus du plafond"}, {SignalPrixBranche, "Prix hors de la branche"},
	{SignalDepotVeille, "Dépôt la veille"}, {SignalDepotNuit, "Dépôt de nuit"},
}

// CodesSignal lists the signs of a dossier.
func CodesSignal() []string {
	codes := make([]string, len(titresSignal))
	for i, t := range titresSignal {
		codes[i] = t.code
	}
	return codes
}

// TitreSignal names a sign in two or three words, "" when there is none of that code.
func TitreSignal(code string) string {
	for _, t := range titresSignal {
		if t.code == code {
			return t.titre
		}
	}
	return ""
}

// ParametresSignaux are the dated thresholds of the signs (domain.md 3.11; what it does
// not number is [A]).
type ParametresSignaux struct {
	Seuil       int     `json:"seuil"`        // points that put a dossier before the contrôleur: 30
	HeuresJour  Minutes `json:"heures_jour"`  // 10 h
	NouveauMois int     `json:"nouveau_mois"` // an organisme is new for that long: 6
	PrixPart    int     `json:"prix_part"`    // price per hour, in % of the median of the branch: 200
	PrixMin     int     `json:"prix_min"`     // dossiers that make a median: 20
	VolumeJours int     `json:"volume_jours"` // what is recent: 30 days, held against the six times before
	VolumePart  int     `json:"volume_part"`  // recent dossiers, in % of the mean of a period before: 300
	VolumeMin   int     `json:"volume_min"`   // recent dossiers under which nothing is said: 10
	ListeMin    int     `json:"liste_min"`    // same trainees in another company: 3
	RevueJours  int     `json:"revue_jours"`  // a suspension is reviewed that often: 15 (T30)
}

func parametresSignauxDefaut() ParametresSignaux {
	return ParametresSignaux{Seuil: 30, HeuresJour: 600, NouveauMois: 6, PrixPart: 200, PrixMin: 20, VolumeJours: 30, VolumePart: 300, VolumeMin: 10,
		ListeMin: 3, RevueJours: 15}
}

// VolumePeriodes is how many periods before the recent one make its mean.
const VolumePeriodes = 6

// FaitsDossierSignaux are what the signs of a dossier are computed from, besides what its
// instruction reads. A zero field is a fact that nobody knows, and makes no sign.
type FaitsDossierSignaux struct {
	Faits
	CompteChangeLe Date           // since when the payee is paid on this account, when it replaced another one
	Certificats    []string       // numbers of other dossiers that hold a file of its certificats
	Listes         []ListeRepetee // other companies where the same people are trained
	PrixMedian     Montant        // per hour and stagiaire, over the last dossiers of the branch
	PrixNombre     int            // dossiers behind PrixMedian
	Recents        int            // dossiers of the organisme over the last period
	Avant          int            // and over the VolumePeriodes before
	Adresse        string         // that both the organisme and the company have
	Contact        string         // e-mail or telephone that both have
}

// ListeRepetee is a dossier of another company with trainees of the same names.
type ListeRepetee struct {
	Dossier    string `db:"dossier"`
	Entreprise string `db:"entreprise"`
	Nombre     int    `db:"nombre"`
}

// SignauxDossier computes the signs of d, in the order of the instruction then of the
// organisme, the price and the payment.
func SignauxDossier(d *Dossier, f FaitsDossierSignaux) []Signal {
	k := &instruction{dossier: d, d: d.Demande, f: f.Faits}
	var ss []Signal
	for _, s := range k.signaux() {
		ss = append(ss, s.Signal)
	}
	si := func(vrai bool, code string, points int, texte string, args ...any) {
		if vrai {
			ss = append(ss, Signal{code, points, fmt.Sprintf(texte, args...)})
		}
	}
	p := f.Parametres
	si(f.CompteChangeLe != "" && f.Jour() < f.CompteChangeLe.Jours(p.RIBRecentJours), SignalIBANChange, 30,
		"Le compte à payer a changé le %s, il y a moins de %d jours.", f.CompteChangeLe.Longue(), p.RIBRecentJours)
	si(len(f.Certificats) > 0, SignalCertificat, 60, "Le fichier d’un certificat est aussi celui de %s.", lesDossiers(f.Certificats))
	si(f.Adresse != "", SignalAdresse, 40, "L’organisme et l’entreprise ont la même adresse : %s.", f.Adresse)
	si(f.Contact != "", SignalContact, 40, "L’organisme et l’entreprise donnent le même contact : %s.", f.Contact)
	if len(f.Listes) > 0 {
		l := f.Listes[0]
		si(true, SignalListe, 40, "%s du même nom dans le dossier %s de %s.", pluriel(l.Nombre, "stagiaire"), l.Dossier, l.Entreprise)
	}
	prix := d.Demande.PrixHoraire()
	si(f.PrixNombre >= p.Signaux.PrixMin && f.PrixMedian > 0 && prix*100 > f.PrixMedian*Montant(p.Signaux.PrixPart), SignalPrixBranche, 20,
		"%s de l’heure et par stagiaire, pour une médiane de %s sur les %d derniers dossiers de la branche.", prix, f.PrixMedian, f.PrixNombre)
	return append(ss, signauxOrganisme(d, f)...)
}

// signauxOrganisme are the signs that the organisme of d gives as a whole.
func signauxOrganisme(d *Dossier, f FaitsDossierSignaux) []Signal {
	o := f.Organisme
	if o == nil || d.Demande.Interne {
		return nil
	}
	var ss []Signal
	if jour, manque := o.premierJourSans(d.Demande.Nature, d.Demande.Debut, d.Demande.Fin); manque && d.Decision != nil {
		ss = append(ss, Signal{SignalQualiopi, 50, fmt.Sprintf("%s n’est pas certifié Qualiopi le %s, pendant la formation.", o.Nom, jour.Longue())})
	}
	if du := o.premierCertificat(); du != "" && !d.DeposeLe.IsZero() && JourDe(d.DeposeLe) < du.Mois(f.Parametres.Signaux.NouveauMois) {
		ss = append(ss, Signal{SignalNouveau, 20, fmt.Sprintf("%s est certifié depuis le %s : moins de %d mois avant la demande.",
			o.Nom, du.Longue(), f.Parametres.Signaux.NouveauMois)})
	}
	p := f.Parametres.Signaux
	if f.Recents >= p.VolumeMin && f.Recents*VolumePeriodes*100 > f.Avant*p.VolumePart {
		ss = append(ss, Signal{SignalVolume, 20, fmt.Sprintf("%s en %d jours avec %s, contre %d en moyenne par période de même durée avant.",
			pluriel(f.Recents, "dossier"), p.VolumeJours, o.Nom, f.Avant/VolumePeriodes)})
	}
	return ss
}

// premierCertificat is the first day on which o was certified, "" when it never was:
// what the register tells of its age.
func (o Organisme) premierCertificat() Date {
	var du Date
	for _, q := range o.Qualiopi {
		if du == "" || q.Du < du {
			du = q.Du
		}
	}
	return du
}

// PrixHoraire is what an hour of a stagiaire is asked for, rounded down to the cent; 0
// when the demande does not say enough.
func (d Demande) PrixHoraire() Montant {
	var minutes Minutes
	for _, s := range d.Presents() {
		minutes += s.Heures
	}
	if minutes <= 0 {
		return 0
	}
	return d.Montant(LignePeda) * 60 / Montant(minutes)
}

// lesDossiers names dossiers in a sentence.
func lesDossiers(numeros []string) string {
	if len(numeros) == 1 {
		return "l’autre dossier " + numeros[0]
	}
	return "ces dossiers : " + strings.Join(numeros, ", ")
}

// PointsSignaux sums the points of signs.
func PointsSignaux(ss []Signal) int {
	n := 0
	for _, s := range ss {
		n += s.Points
	}
	return n
}
