package api

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"

	"guichet/opco"
	"guichet/store"
)

// documentLu is a document as its reader sees it: InscritPar is how an organisme is
// told that it is not its own (AT-24), Modifiable whether the reader may change it.
type documentLu struct {
	store.LigneDocument
	InscritPar string `json:"inscrit_par,omitempty"`
	Modifiable bool   `json:"modifiable"`
}

// corpsConformite is what the OPCO says of a document.
type corpsConformite struct {
	ActeID  string `json:"acte_id"`
	Version int    `json:"version"` // of the document that was read
	opco.ChargeConformite
}

// direDocuments says of each document who deposited it, for its reader.
func (s *Server) direDocuments(ctx context.Context, ls ...store.LigneDocument) ([]documentLu, error) {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.Store.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return nil, err
	}
	u := qui(ctx)
	ds := make([]documentLu, len(ls))
	for i, l := range ls {
		ds[i] = documentLu{LigneDocument: l}
		if !l.DeLOrganisme() {
			ds[i].InscritPar = p.DocumentOPCO
		}
		sien := l.DeLOrganisme() == (u.Role == opco.RoleOrganisme) && l.Courrier == ""
		ds[i].Modifiable = sien && (u.Role.Interne() && u.Role != opco.RoleAuditeur || slices.Contains(u.Ecrit, string(l.Organisme)))
	}
	return ds, nil
}

// ListerDocuments answers GET /api/documents.
func (s *Server) ListerDocuments(ctx context.Context, r ListerDocumentsRequestObject) (ListerDocumentsResponseObject, error) {
	p := r.Params
	page, err := s.Store.Documents(ctx, qui(ctx).Portee(), store.FiltreDocuments{Libres: p.Libres, Texte: p.Texte, Categorie: p.Categorie,
		Dossier: p.Dossier, Organisme: p.Organisme, Etat: p.Etat, Apres: p.Apres, Limite: limite(p.Limite)})
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Documents))
	ds, err := s.direDocuments(ctx, page.Documents...)
	return ListerDocuments200JSONResponse{Documents: ds, Suivant: page.Suivant}, err
}

// LireDocument answers GET /api/documents/{id}.
func (s *Server) LireDocument(ctx context.Context, r LireDocumentRequestObject) (LireDocumentResponseObject, error) {
	l, err := s.Store.Document(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	montrerDe(ctx, l.Dossier)
	ds, err := s.direDocuments(ctx, l)
	if err != nil {
		return nil, err
	}
	return LireDocument200JSONResponse(ds[0]), nil
}

// ListerCategoriesDocument answers GET /api/documents/categories.
func (s *Server) ListerCategoriesDocument(ctx context.Context, _ ListerCategoriesDocumentRequestObject) (ListerCategoriesDocumentResponseObject, error) {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	cs, err := s.Store.CategoriesDocument(ctx, opco.JourDe(le))
	return ListerCategoriesDocument200JSONResponse{Categories: cs}, err
}

// champsDocument are the text parts of a deposit, and how each is read.
var champsDocument = map[string]champFormulaire{"acte_id": {"uuid", 36}, "categorie": {"code", 60}, "organisme": {"siret", 40},
	"dossier": {"uuid", 36}, "libelle": {"ligne", 120}, "du": {"date-civile", 20}, "au": {"date-civile", 20}, "version": {"code", 9}}

// formulaireDocument reads a deposit and examines its file, when it has one.
func (s *Server) formulaireDocument(ctx context.Context, r *multipart.Reader, fichierRequis bool) (*formulaire, *store.FichierDocument, error) {
	f, err := s.lireFormulaireDe(r, champsDocument, func(f *formulaire) error {
		switch {
		case f.champs["acte_id"] == "":
			return opco.Champf("acte_id", "Ce champ est obligatoire.")
		case f.champs["categorie"] == "":
			return opco.Champf("categorie", "Choisissez d’abord la catégorie du document, dans la liste.")
		case fichierRequis && f.fichier == nil:
			return opco.Champf("fichier", "Choisissez le fichier à envoyer.")
		}
		return nil
	})
	if err != nil || f.fichier == nil {
		return f, nil, err
	}
	format, err := s.examiner(ctx, f.fichier)
	if err != nil {
		f.fichier.Jeter()
		return f, nil, err
	}
	return f, &store.FichierDocument{Nom: f.nom, Empreinte: f.fichier.Empreinte, Taille: f.fichier.Taille, Format: format, Garder: f.fichier.Garder}, nil
}

func (f *formulaire) saisieDocument() opco.SaisieDocument {
	return opco.SaisieDocument{Categorie: f.champs["categorie"], Dossier: f.champs["dossier"], Libelle: f.champs["libelle"],
		Du: opco.Date(f.champs["du"]), Au: opco.Date(f.champs["au"])}
}

// jeter drops the file of a deposit that was not kept.
func (f *formulaire) jeter() {
	if f != nil && f.fichier != nil {
		f.fichier.Jeter()
	}
}

// gesteDocument is what the reader does to a document, within what they may act on.
func gesteDocument(ctx context.Context, acte string) store.GesteDocument {
	u := qui(ctx)
	g := store.GesteDocument{Acte: acte, Portee: u.PorteeEcrite(), Par: u.Acteur("")}
	if !u.Role.Interne() && len(u.Ecrit) > 0 {
		g.Par.SIRET = u.Ecrit[0]
	}
	return g
}

// DeposerDocument answers POST /api/documents. The file is examined before anything
// is kept.
func (s *Server) DeposerDocument(ctx context.Context, r DeposerDocumentRequestObject) (DeposerDocumentResponseObject, error) {
	f, fichier, err := s.formulaireDocument(ctx, r.Body, true)
	if err != nil {
		return nil, err
	}
	defer f.jeter()
	organisme, err := s.organismeDuDocument(ctx, opco.SIRET(f.champs["organisme"]), f.champs["dossier"])
	if err != nil {
		return nil, err
	}
	l, err := s.Store.DeposerDocument(ctx, gesteDocument(ctx, f.champs["acte_id"]), organisme, f.saisieDocument(), *fichier)
	if err != nil {
		return nil, err
	}
	ds, err := s.direDocuments(ctx, l)
	if err != nil {
		return nil, err
	}
	return DeposerDocument200JSONResponse(ds[0]), nil
}

// organismeDuDocument says whose document it is: the établissement that the dossier
// names, the one said, else the only one that its author acts for.
func (s *Server) organismeDuDocument(ctx context.Context, dit opco.SIRET, dossier string) (opco.SIRET, error) {
	u := qui(ctx)
	if dossier != "" {
		d, err := s.Store.Dossier(ctx, u.Portee(), dossier)
		switch {
		case errors.Is(err, opco.NotFound):
			return "", opco.Champf("dossier", "Ce dossier n’est pas l’un des vôtres : choisissez-le dans la liste.")
		case err != nil:
			return "", err
		}
		if err := s.impartial(ctx, u.Acteur(""), "ce dossier", d.Tiers()...); err != nil {
			return "", err
		}
		if dit == "" {
			dit = d.Demande.Organisme.SIRET
		}
	}
	switch {
	case u.Role.Interne() && dit == "":
		return "", opco.Champf("organisme", "Dites à quel établissement ce document s’adresse : son SIRET.")
	case u.Role.Interne():
		return dit, s.impartial(ctx, u.Acteur(""), "cet organisme", dit.SIREN())
	case len(u.Ecrit) == 0:
		return "", opco.Errorf(opco.Forbidden, "Votre droit permet de lire, pas de déposer : demandez-en un autre à l’administrateur de votre organisme.")
	case dit == "":
		return opco.SIRET(u.Ecrit[0]), nil
	case !slices.Contains(u.Ecrit, string(dit)):
		return "", opco.Champf("organisme", "Cet établissement n’est pas l’un des vôtres. Choisissez-le dans votre liste.")
	}
	return dit, nil
}

// ModifierDocument answers PUT /api/documents/{id}.
func (s *Server) ModifierDocument(ctx context.Context, r ModifierDocumentRequestObject) (ModifierDocumentResponseObject, error) {
	l, err := s.documentAModifier(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	f, fichier, err := s.formulaireDocument(ctx, r.Body, false)
	if err != nil {
		return nil, err
	}
	defer f.jeter()
	g := gesteDocument(ctx, f.champs["acte_id"])
	g.Version, _ = strconv.Atoi(f.champs["version"]) // 0 is refused on its field
	if l, err = s.Store.ModifierDocument(ctx, g, l.ID, f.saisieDocument(), fichier); err != nil {
		return nil, err
	}
	ds, err := s.direDocuments(ctx, l)
	if err != nil {
		return nil, err
	}
	return ModifierDocument200JSONResponse(ds[0]), nil
}

// documentAModifier reads a document that is about to be changed: whoever only reads
// it is told so, as is an agent who declared a link with its organisme.
func (s *Server) documentAModifier(ctx context.Context, id string) (store.LigneDocument, error) {
	u := qui(ctx)
	l, err := s.Store.Document(ctx, u.Portee(), id)
	switch {
	case err != nil:
		return l, err
	case u.Role.Interne():
		return l, s.impartial(ctx, u.Acteur(""), "cet organisme", l.Organisme.SIREN())
	case !slices.Contains(u.Ecrit, string(l.Organisme)):
		return l, opco.Errorf(opco.Forbidden, "Votre droit permet de lire ce document, pas de le modifier.")
	}
	return l, nil
}

// SupprimerDocument answers DELETE /api/documents/{id}. The same acte again finds it
// deleted already.
func (s *Server) SupprimerDocument(ctx context.Context, r SupprimerDocumentRequestObject) (SupprimerDocumentResponseObject, error) {
	_, err := s.documentAModifier(ctx, r.Id)
	if err != nil && !errors.Is(err, opco.NotFound) {
		return nil, err
	}
	return SupprimerDocument204Response{}, s.Store.SupprimerDocument(ctx, gesteDocument(ctx, r.Params.ActeId), r.Id)
}

// JugerDocument answers POST /api/documents/{id}/conformite.
func (s *Server) JugerDocument(ctx context.Context, r JugerDocumentRequestObject) (JugerDocumentResponseObject, error) {
	l, err := s.documentAModifier(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	g := gesteDocument(ctx, r.Body.ActeID)
	g.Version = r.Body.Version
	if l, err = s.Store.JugerDocument(ctx, g, l.ID, r.Body.ChargeConformite); err != nil {
		return nil, err
	}
	ds, err := s.direDocuments(ctx, l)
	if err != nil {
		return nil, err
	}
	return JugerDocument200JSONResponse(ds[0]), nil
}

// TelechargerDocument answers GET /api/documents/{id}/fichier: the file, or the
// letter that the document is.
func (s *Server) TelechargerDocument(ctx context.Context, r TelechargerDocumentRequestObject) (TelechargerDocumentResponseObject, error) {
	l, err := s.Store.Document(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	empreinte := l.Empreinte
	if l.Courrier != "" {
		c, err := s.Store.Courrier(ctx, qui(ctx).Portee(), l.Courrier)
		if err != nil {
			return nil, err
		}
		empreinte, l.Nom = c.LettrePDF, etiquette(l.Libelle)+".pdf"
	}
	corps, taille, err := s.Fichiers.Ouvrir(empreinte)
	if err != nil {
		return nil, err
	}
	montrerDe(ctx, l.Dossier)
	return fichierServi{corps: corps, taille: taille, nom: l.Nom, format: l.Format}, nil
}

// VisitTelechargerDocumentResponse writes the file of a document.
func (f fichierServi) VisitTelechargerDocumentResponse(w http.ResponseWriter) error {
	return f.ecrire(w)
}
