package web

import (
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesEtude) }

const idEtudeDemo = "5b1e6f0a-2f7b-4a53-9a57-1d6b3c1f9e11"

// etudeDemo is a dossier in instruction; long gives it the longest names.
func etudeDemo(long bool) Etude {
	d := opco.Dossier{ID: idEtudeDemo, Numero: "AF26-021056", Etat: opco.EtatEnInstruction, Rang: 4, DeposeLe: midi.Add(-72 * time.Hour), IDCC: "2691", Effectif: 9,
		InstruitPar: opco.Acteur{Nom: "Claire Morin", Role: opco.RoleGestionnaire},
		Demande: opco.Demande{Etablissement: siegeDemo, Organisme: opco.OrganismeDemande{SIRET: "99900150600016", Nom: "Pédagogie Nouvelle"}, Intitule: "Repérer et accompagner les élèves à besoins particuliers",
			Nature: "ACTION_FORMATION", Duree: 21 * 60, Debut: "2026-07-08", Fin: "2026-07-10", ReferenceClient: "RH-2026-14",
			Lignes:     []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 202000}, {Ligne: opco.LigneHebergement, Montant: 19000}},
			Stagiaires: []opco.Stagiaire{{ID: "s1", Prenom: "Zoé-Maëlle", Nom: "Lefèvre-N’Guyên", Heures: 21 * 60, SalaireHoraire: 2653}, {ID: "s2", Prenom: "Aïssatou", Nom: "Ndiaye-Kœnig", Heures: 21 * 60}}}}
	l := store.LigneDossier{ID: idEtudeDemo, Numero: d.Numero, Etat: d.Etat, Entreprise: "École Les Tilleuls", OrganismeNom: "Pédagogie Nouvelle", Limite: "2026-06-24", Accepte: 0}
	if long {
		l.Entreprise, d.Demande.Organisme.Nom, l.OrganismeNom = nomEntLong, nomEntLong, nomEntLong
		d.Demande.Intitule = "Repérer, accompagner et évaluer les élèves à besoins éducatifs particuliers dans les établissements d’enseignement professionnel"
		d.Demande.Stagiaires[0].Nom, d.InstruitPar.Nom = nomLong, nomLong
		d.Demande.Commentaire = "Bonjour,\nmerci de regarder le devis : le prix a changé le 3 juin."
	}
	return Etude{Dossier: d, Ligne: l, Signale: long, Jour: "2026-06-11", Actes: []string{string(opco.ActeDecider), string(opco.ActeDemanderComplement)}}.situee()
}

// situee says where the dossier of e stands.
func (e Etude) situee() Etude {
	f := opco.FaitsSuivi{Jour: e.Jour, Depuis: midi.Add(-48 * time.Hour), Parametres: opco.ParametresDefaut()}
	e.Suivi = api.SuiviLu{Suivi: e.Dossier.Suivi(opco.RoleGestionnaire, f), Etat: e.Dossier.Etat, Jour: e.Jour}
	return e
}

// visionneuseDemo shows three pièces; the file is a picture of ours.
func visionneuseDemo(long bool) Visionneuse {
	nom := "devis.png"
	if long {
		nom = "devis-signe-par-le-representant-legal-de-l-etablissement-superieur-de-la-formation-version-definitive-corrigee.png"
	}
	piece := func(id string, t opco.TypePiece, e opco.EtatPiece) store.LignePiece {
		return store.LignePiece{ID: id, Dossier: idEtudeDemo, Type: t, Titre: t.Libelle(), Nom: nom, Etat: e, Format: "image/png", DeposeNom: "Paul-Aurélien Kerbrat", DeposeLe: midi.Add(-70 * time.Hour)}
	}
	faux := piece("c", opco.PieceQualiopi, opco.PieceNonConforme)
	faux.Motif, faux.Precision = string(opco.MotifIllisible), "page 2 coupée"
	v := visionneuse([]store.LignePiece{piece("a", opco.PieceProgramme, opco.PieceConforme), piece("b", opco.PieceDevis, opco.PieceRecue), faux}, "b", adresseEtude(idEtudeDemo), voletEtude)
	v.Juge = true
	for i := range v.Pieces {
		v.Pieces[i].Source = Statique("icone.svg")
	}
	return v
}

func controlesDemo(vue Visionneuse) ControlesVus {
	return controlesVus([]opco.Controle{
		{Code: "C01", Nom: "Rattachement", Resultat: opco.ResultatOK, Phrase: "École Les Tilleuls relève de l’OPCO.", Preuve: "SIREN 999 001 019, IDCC 2691"},
		{Code: "C09", Nom: "Devis ou convention", Resultat: opco.ResultatAttendu, Phrase: "Le devis ou la convention est à lire : 2 stagiaires, 21 h, 2 020,00 €.", Preuve: "Devis signé"},
		{Code: "C12", Nom: "Plafond horaire", Resultat: opco.ResultatWarn, Phrase: "Le prix de l’heure dépasse le plafond de la branche.", Preuve: "96,19 € demandés, 40,00 € financés"},
		{Code: opco.ControleQualiopi, Nom: "Organisme déclaré et certifié", Resultat: opco.ResultatBlock, Motif: opco.MotifOFNonQualiopi, Phrase: "Pédagogie Nouvelle n’est pas certifié Qualiopi aux dates de la formation.", Preuve: "Aucun certificat du 8 au 10 juillet 2026"},
	}, vue)
}

func decisionDemo() opco.Decision {
	return opco.Decision{Version: 1, Sens: opco.SensPartiel, Bareme: "EPI-2026", Demande: 221000, Accorde: 100000, ResteACharge: 121000, Motifs: []opco.Motif{opco.MotifPlafondHoraire, opco.MotifPlafondHebergement},
		Lignes: []opco.LigneDecidee{{Ligne: opco.LignePeda, Demande: 202000, Eligible: 84000, Accorde: 84000, Regle: "40,00 € × 21 h.", Motif: opco.MotifPlafondHoraire},
			{Ligne: opco.LigneHebergement, Demande: 19000, Eligible: 16000, Accorde: 16000, Regle: "80,00 € × 2 nuits.", Motif: opco.MotifPlafondHebergement}},
		Fonds: []opco.PartFonds{{Enveloppe: "x", Code: opco.FondsMutualise, Montant: 100000}}, SecondRegard: true, Derogation: "Prix d’une formation rare",
		ProposePar: opco.Acteur{Nom: "Claire Morin"}, Le: midi.Add(-3 * time.Hour),
		Stagiaires: []opco.PartStagiaire{{Stagiaire: "s1", Heures: 21 * 60, Peda: 42000}, {Stagiaire: "s2", Heures: 21 * 60, Peda: 42000}}}
}

func filDemo(f Formulaire) FilEchanges {
	lu := midi.Add(-time.Hour)
	es := []store.Echange{{Fil: opco.RoleEntreprise, De: "entreprise", Nom: nomLong, Role: opco.RoleEntreprise, Texte: "Bonjour,\nvoici le devis corrigé. " + emailLong, Le: midi, Pieces: []string{"b"}},
		{Fil: opco.RoleEntreprise, De: store.CoteOPCO, Nom: "Claire Morin", Role: opco.RoleGestionnaire, Texte: "Pouvez-vous corriger le prix de l’heure ?", Le: midi.Add(-4 * time.Hour), LuLe: &lu}}
	return FilEchanges{Formulaire: f, Fil: opco.RoleEntreprise, Interne: true, Acte: compteDemo, Action: "/x", Avant: "/x?avant=1",
		Messages: messagesLus(es, []store.LignePiece{{ID: "b", Titre: "devis signé"}}, opco.RoleGestionnaire), Pieces: []Option{{"a", "Programme détaillé"}, {"b", "Devis signé"}}}
}

func planchesEtude(m Maison) []Planche {
	claire := personneDemo(opco.RoleGestionnaire, "Claire", "Morin")
	page := func(titre string, f Formulaire) Piece { return pieceDe(m, titre, "/instruction", claire, f) }
	etude := func(e Etude, volet string, long bool, f Formulaire) DossierInstruit {
		p := DossierInstruit{Piece: page("Dossier "+e.Dossier.Numero, f), Etude: e, Volet: volet, Vue: visionneuseDemo(long), Lecteur: opco.Acteur{Personne: "p", Nom: "Claire Morin", Role: opco.RoleGestionnaire}}
		p.Etroit, p.Attend, p.Vue.Formulaire = true, map[opco.Role]int{opco.RoleEntreprise: 2}, f
		p.Controles = controlesDemo(p.Vue)
		p.Prop = propositionVue(decisionDemo(), []opco.Fonds{{Code: opco.FondsMutualise, Disponible: 300000}, {Code: opco.FondsVV, Disponible: 50000}})
		return p
	}
	ordinaire, long := etude(etudeDemo(false), voletEtude, false, Formulaire{}), etude(etudeDemo(true), voletEtude, true, formulaire(valeurs("motif_piece", ""), Faute{"motif_piece", "Dites pourquoi cette pièce n’est pas conforme : l’entreprise le lira."}))
	vide := etude(etudeDemo(false), voletEtude, false, formulaire(nil, Faute{"", "Le calcul a changé depuis que vous l’avez lu : ce serait maintenant un accord de 900,00 €. Relisez la proposition avant de décider."}))
	vide.Vue, vide.Controles, vide.Prop = Visionneuse{}, ControlesVus{}, PropositionVue{Empeche: "Aucun barème ne s’applique à cette branche, cet effectif et cette date : rien ne peut être calculé.", Lignes: lignesDemandees(vide.Dossier.Demande)}
	regard := etude(etudeDemo(false), voletEtude, false, Formulaire{})
	regard.Dossier.Etat, regard.Actes, regard.Prop.Attend, regard.Regard = opco.EtatEnValidation, nil, true, "Vous avez proposé cette décision : le second regard revient à une autre personne."
	valider := etude(etudeDemo(false), voletEtude, false, Formulaire{})
	valider.Dossier.Etat, valider.Actes, valider.Prop.Attend = opco.EtatEnValidation, []string{string(opco.ActeValider), string(opco.ActeRenvoyer)}, true
	regard.Etude, valider.Etude = regard.Etude.situee(), valider.Etude.situee()
	fil, notes, passe := etude(etudeDemo(false), voletEchanges, false, Formulaire{}), etude(etudeDemo(true), voletNotes, true, Formulaire{}), etude(etudeDemo(false), voletHistorique, false, Formulaire{})
	fil.Fil = filDemo(formulaire(valeurs("texte", ""), Faute{"texte", "Écrivez votre message : il est vide."}))
	notes.Notes = CarnetNotes{Action: "/x", Acte: compteDemo, Collegues: []string{"Hugo Bastide", nomLong}, Notes: []NoteVue{{Nom: nomLong + ", gestionnaire", Quand: quand(midi), Texte: "@Hugo Bastide, regarde le devis.", Modifiee: "modifiée le " + quand(midi), Passe: "/x", Modifier: "/x", Nommes: []string{"Hugo Bastide"}}}}
	passe.Faits = []Fait{{Bleu, "send", "Demande envoyée.", "Paul-Aurélien Kerbrat", quand(midi), "", "2 210,00 €"}}
	passe.Courriers = []CourrierVu{{Objet: "Dossier AF26-021056 : demande bien reçue", Pour: "Entreprise", Quand: quand(midi), Etat: "Envoyé", Ton: Vert, Icone: "mail", Lettre: "/x", PDF: "/x"}, {Objet: "Un message vous attend", Pour: "Organisme de formation", Quand: quand(midi), Etat: "Sans adresse e-mail", Ton: Ambre, Icone: "triangle-alert", Erreur: "Aucune adresse n’est connue."}}
	passe.Livre = LivreVu{Lignes: [][]Cellule{{{Texte: quand(midi)}, {Texte: "Engagement"}, {Texte: "Engage"}, {Texte: "999001019/2026"}, {Texte: "1 000,00 €"}}}, Soldes: [][]Cellule{{{Texte: "Engage"}, {Texte: "999001019/2026"}, {Texte: "1 000,00 €"}}}}
	return append([]Planche{
		{"instruction-dossier", PageEtude(ordinaire)}, {"instruction-dossier-long", PageEtude(long)}, {"instruction-dossier-vide", PageEtude(vide)},
		{"instruction-second-regard", PageEtude(regard)}, {"instruction-validation", PageEtude(valider)},
		{"instruction-echanges", PageEtude(fil)}, {"instruction-notes", PageEtude(notes)}, {"instruction-historique", PageEtude(passe)},
		{"instruction-note", PageNote(NoteEtude{Piece: page("Note", formulaire(valeurs("texte", "Deux"), Faute{"", "Cette note a changé depuis que vous l’avez lue."})), Etude: etudeDemo(false), Action: "/x", Lue: 2, Versions: []VersionVue{{quand(midi), "Deux"}, {quand(midi), "Un"}}})},
		{"instruction-messages", PageMessages(MessagesARepondre{Piece: pieceDe(m, "Messages", "/instruction/messages", claire, Formulaire{}), Suivant: "/x",
			Messages: []AttenduVu{{"AF26-021056", nomEntLong + ", Repérer et accompagner", nomLong + ", entreprise", quand(midi), "Voici le devis corrigé.", "/x"}}, Mentions: []AttenduVu{{"AF26-000118", "École Les Tilleuls, Anglais", "Hugo Bastide", quand(midi), "@Claire Morin, qu’en penses-tu ?", "/x"}}})},
		{"instruction-entreprise", PageFicheEntreprise(ficheEntreprise(page(nomEntLong, formulaire(valeurs("stagiaires", "0"), Faute{"stagiaires", "Donnez un nombre de stagiaires, de 1 à 100."})), api.FicheEntreprise{SIREN: "999001019", Nom: nomEntLong,
			Enveloppes: []store.LigneEnveloppe{{Annee: 2026, Fonds: opco.FondsMutualise}}, Dossiers: []store.LigneDossier{etudeDemo(true).Ligne}, Gens: []store.Collegue{{Compte: compteDemo, Prenom: "Lucie", Nom: nomLong, Email: emailLong, Libelle: "Actif"}}}))},
		{"instruction-entreprise-vide", PageFicheEntreprise(ficheEntreprise(page("Entreprise", Formulaire{}), api.FicheEntreprise{SIREN: "999001019"}))},
		{"instruction-messages-vide", PageMessages(MessagesARepondre{Piece: pieceDe(m, "Messages", "/instruction/messages", claire, Formulaire{}), Tous: true})},
	}, planchesActes(page)...)
}

func planchesActes(page func(string, Formulaire) Piece) []Planche {
	acte := func(genre string, f Formulaire) ActeEtude {
		p := ActeEtude{Piece: page(genresActe[genre].Titre, f), Etude: etudeDemo(true), Genre: genre, Acte1: genresActe[genre], Lignes: propositionVue(decisionDemo(), nil).Lignes,
			Factures: []Option{{"f1", "F-2026-204, 2 800,00 €"}}}
		p.Etroit = true
		p.Demandes = demandables(&p.Dossier, []store.LignePiece{{ID: "b", Type: opco.PieceDevis, Titre: "devis signé", Etat: opco.PieceRecue}}, genre == genreNonConforme)
		return p
	}
	var ps []Planche
	for _, x := range []struct {
		genre string
		f     Formulaire
	}{{genreComplement, Formulaire{}}, {genreRefus, formulaire(valeurs(), Faute{"motif", "Choisissez au moins un motif de refus : l’entreprise le lira."})}, {genreProposition, formulaire(valeurs("accorde_PEDA", "9000"), Faute{"accorde_PEDA", "Coûts pédagogiques : vous accordez 9 000,00 €, l’entreprise demande 2 020,00 €."})},
		{genreRenvoi, formulaire(valeurs(), Faute{"raison", "Écrivez la raison : elle reste dans l’historique."})}, {genreRetrait, Formulaire{}}, {genreTardif, Formulaire{}}, {genreIndus, formulaire(valeurs("facture", "f1", "montant", "9 000"), Faute{"montant", "L’indu est compris entre 0,01 € et ce qui a été payé de la facture et n’est pas déjà réclamé : 2 800,00 €."})}, {genreLitige, Formulaire{}}, {genreNonConforme, formulaire(valeurs("prendre_1", "oui"), Faute{"motif_1", "Dites pourquoi cette pièce est demandée : son destinataire le lira."})}} {
		ps = append(ps, Planche{"instruction-acte-" + x.genre, PageActe(acte(x.genre, x.f))})
	}
	sf := func(e Etude, lu ServiceFaitLu) ServiceFaitPage {
		dec := decisionDemo()
		e.Dossier.Etat, e.Dossier.Decision, e.Ligne.Etat = opco.EtatSFEnControle, &dec, opco.EtatSFEnControle
		e.Actes = []string{string(opco.ActeConstater), string(opco.ActeDeclarerNonConforme), string(opco.ActeRefuserFacture), string(opco.ActeMettreEnLitige)}
		e.Dossier.Certificats = []opco.Certificat{{ID: "c1", Prenom: "Zoé-Maëlle", Nom: "Lefèvre-N’Guyên", Intitule: e.Dossier.Demande.Intitule, Du: "2026-07-08", Au: "2026-07-10", Heures: 14 * 60, Signe: true, SigneLe: "2026-07-11"}}
		e.Dossier.Factures = []opco.Facture{{ID: "f1", Numero: "F-2026-204", TotalHT: 84000, Etat: opco.FacturePriseEnCharge, RecueLe: "2026-07-18", Lignes: []opco.LigneFacture{{Ligne: opco.LignePeda, Stagiaire: "Zoé-Maëlle Lefèvre-N’Guyên", Heures: 21 * 60, Montant: 42000}}}}
		p := serviceFait(page("Service fait "+e.Dossier.Numero, Formulaire{}), e.situee(), lu, visionneuseDemo(false))
		p.Etroit, p.Juge = true, true
		return p
	}
	ecart := ServiceFaitLu{Controles: []opco.Controle{{Code: "SF4", Nom: "Heures", Sujet: "s1", Resultat: opco.ResultatWarn, Phrase: "14 h certifiées sur 21 : nous payons les heures suivies."}, {Code: "SF2", Nom: "Intitulé", Resultat: opco.ResultatOK}},
		Constat: &opco.Constat{Payable: 28000, Lignes: []opco.LigneConstatee{{Ligne: opco.LignePeda, Stagiaire: "s1", Prevu: 21 * 60, Certifie: 14 * 60, Accorde: 42000, Facture: 42000, Payable: 28000}},
			Factures: []opco.FactureConstatee{{Facture: "f1", Approuve: 28000, NonApprouve: 14000, Phrase: "Votre facture compte 21 h, le certificat 14.", AttendAvoir: true}}, Liberes: []opco.PartFonds{{Montant: 56000}}}}
	refus := sf(etudeDemo(true), ecart)
	refus.Formulaire = formulaire(nil, Faute{"", "Ce dossier a changé depuis que vous l’avez lu : relisez ce qui serait payé avant d’approuver."})
	return append(ps, Planche{"instruction-service-fait", PageServiceFait(sf(etudeDemo(false), ecart))}, Planche{"instruction-service-fait-refus", PageServiceFait(refus)},
		Planche{"instruction-service-fait-vide", PageServiceFait(sf(etudeDemo(true), ServiceFaitLu{Empeche: "Le certificat de réalisation de Aïssatou Ndiaye-Kœnig manque : demandez-le, même pour 0 heure."}))})
}
