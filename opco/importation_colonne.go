package opco

import "slices"

// ColonneImport is a column of a file of demandes: its name in the first line, and
// what it holds, for whoever fills it.
type ColonneImport struct {
	Nom         string
	champ       string // of the demande, or of the stagiaire when it starts with « stagiaire. »
	Obligatoire bool
	Aide        string
	Exemple     string
}

// colonneDemande groups the lines of one demande.
const colonneDemande = "demande"

var colonnesImport = []ColonneImport{
	{colonneDemande, "", true, "Un repère de votre choix, le même pour tous les stagiaires d’une demande", "D1"},
	{"etablissement_siret", "etablissement", true, "SIRET de votre établissement, 14 chiffres", "99900101900010"},
	{"formation_interne", "interne", false, "oui quand vos propres salariés forment", "non"},
	{"organisme_siret", "organisme.siret", false, "SIRET de l’organisme, sauf formation interne", "99900136500017"},
	{"organisme_nom", "organisme.nom", false, "Nom de l’organisme", "Formalia Conseil"},
	{"organisme_type", "organisme.type", false, "ORGANISME, CFA, ETABLISSEMENT ou INDEPENDANT", "ORGANISME"},
	{"organisme_nda", "organisme.nda", false, "Numéro de déclaration d’activité, 11 chiffres", "11755353175"},
	{"organisme_adresse", "organisme.adresse", false, "Adresse", "27 rue des Lilas"},
	{"organisme_code_postal", "organisme.code_postal", false, "5 chiffres", "75012"},
	{"organisme_ville", "organisme.ville", false, "Ville", "Paris"},
	{"organisme_contact", "organisme.contact", false, "Nom de votre interlocuteur", ""},
	{"organisme_telephone", "organisme.telephone", false, "Téléphone", ""},
	{"organisme_email", "organisme.email", false, "Adresse e-mail", ""},
	{"paiement_direct", "subrogation", false, "oui quand l’OPCO paie l’organisme", "oui"},
	{"intitule", "intitule", true, "Intitulé de la formation, 200 caractères au plus", "Sécurité des équipements"},
	{"nature", "nature", true, "FORMATION, BILAN, VAE ou AFEST", "FORMATION"},
	{"code_cpf", "code_cpf", false, "Code de la formation éligible au CPF", ""},
	{"duree_heures", "duree", true, "Durée en heures, deux décimales au plus", "14,00"},
	{"debut", "debut", true, "Premier jour, JJ/MM/AAAA", "13/04/2026"},
	{"fin", "fin", true, "Dernier jour, JJ/MM/AAAA", "14/04/2026"},
	{"couts_pedagogiques", "lignes.PEDA", false, "Montant HT demandé", "1200,00"},
	{"remuneration", "lignes.REMUNERATION", false, "Somme des salaires horaires × heures", ""},
	{"hebergement", "lignes.HEBERGEMENT", false, "Montant TTC", ""},
	{"repas", "lignes.REPAS", false, "Montant HT", ""},
	{"transport", "lignes.TRANSPORT", false, "Montant TTC", ""},
	{"formation_tuteur", "lignes.TUTEUR", false, "Montant HT", ""},
	{"allocation_formation", "lignes.ALLOCATION", false, "Ancien dispositif", ""},
	{"divers", "lignes.DIVERS", false, "Montant HT", ""},
	{"divers_precision", "lignes.DIVERS.detail", false, "Ce que sont les frais divers", ""},
	{"ingenierie", "lignes.INGENIERIE", false, "Montant HT", ""},
	{"commentaire", "commentaire", false, "2 000 caractères au plus", ""},
	{"reference_client", "reference_client", false, "Votre numéro de dossier", "RH-2026-07"},
	{"stagiaire_nom", "stagiaire.nom", true, "Nom du stagiaire", "Delacroix"},
	{"stagiaire_prenom", "stagiaire.prenom", true, "Prénom du stagiaire", "Anaïs"},
	{"stagiaire_ne_le", "stagiaire.ne_le", false, "Date de naissance, JJ/MM/AAAA", "02/05/1988"},
	{"stagiaire_heures", "stagiaire.heures", false, "Heures suivies ; vide : toute la durée", ""},
	{"stagiaire_salaire_horaire", "stagiaire.salaire_horaire", false, "Salaire horaire chargé, en euros", ""},
	{"stagiaire_repas", "stagiaire.repas", false, "Nombre de repas", ""},
	{"stagiaire_nuits", "stagiaire.nuits", false, "Nombre de nuits", ""},
	{"stagiaire_part_pedagogique", "stagiaire.peda", false, "Sa part des coûts pédagogiques ; vide partout : partage selon les heures", ""},
	{"stagiaire_transport", "stagiaire.transport", false, "Sa part du transport", ""},
}

// ColonnesImport lists the columns of a file of demandes, in the order of the model.
func ColonnesImport() []ColonneImport { return slices.Clone(colonnesImport) }
