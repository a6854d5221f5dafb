package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// Each answer that shows personal data to the staff of the OPCO writes one line of
// the log of reads before its first byte leaves (reliability.md 3.19). What is
// refused shows nothing and writes nothing; what cannot be written down is not
// shown.

// vue is what a request is about to show, as its handler says it.
type vue struct {
	objet   string
	dossier string
	classes []string
	nombre  int
}

type cleVue struct{}

// montrer says how many rows of a list the answer shows.
func montrer(ctx context.Context, nombre int) {
	if v, ok := ctx.Value(cleVue{}).(*vue); ok {
		v.nombre = nombre
	}
}

// montrerDe says which dossier the shown object belongs to, "" for none, and which
// data it holds beyond what the table says of the route.
func montrerDe(ctx context.Context, dossier string, classes ...string) {
	if v, ok := ctx.Value(cleVue{}).(*vue); ok {
		v.dossier = dossier
		v.classes = append(v.classes, classes...)
	}
}

// classesDe names the data that a document holds beyond being one.
func classesDe(t opco.TypePiece) []string {
	switch t {
	case opco.PieceRIB:
		return []string{"iban"}
	case opco.PieceReleveDepenses:
		return []string{"salaire"}
	}
	return nil
}

// Montrer says what a page is about to show: objet is « compte/<id> » or « liste »,
// and nombre the rows of a list. A page that says nothing shows one object, which
// its path names.
func Montrer(ctx context.Context, objet string, nombre int) {
	if v, ok := ctx.Value(cleVue{}).(*vue); ok {
		v.objet, v.nombre = objet, nombre
	}
}

// tracer has the reads of the staff written down, on the routes that the table says
// to show personal data.
func (s *Server) tracer(c *gin.Context) {
	u := qui(c.Request.Context())
	r := s.acces[cleRoute(c.Request.Method, c.FullPath())]
	if r.Donnees == "" || !u.Role.Interne() || c.IsAborted() {
		return
	}
	v := vueDe(c, r)
	w := &ecrivainTrace{ResponseWriter: c.Writer}
	w.noter = func() error { return s.noterLecture(c, u, v) }
	c.Writer = w
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), cleVue{}, v))
	c.Next()
	if c.Writer = w.ResponseWriter; w.echec != nil && !c.Writer.Written() {
		s.refuser(c, w.echec)
	}
}

// vueDe reads from the path of the request what it shows: the object named by its
// first variable, after the word that comes before it, or a list.
func vueDe(c *gin.Context, r Regle) *vue {
	v := &vue{objet: "liste", nombre: 1, classes: strings.Split(r.Donnees, " ")}
	parties := strings.Split(c.FullPath(), "/")
	for i, p := range parties {
		nom, ok := strings.CutPrefix(p, ":")
		if !ok || i == 0 {
			continue
		}
		genre := strings.TrimSuffix(parties[i-1], "s")
		v.objet = genre + "/" + c.Param(nom)
		if genre == "dossier" {
			v.dossier = c.Param(nom)
		}
		break
	}
	return v
}

func (s *Server) noterLecture(c *gin.Context, u store.Utilisateur, v *vue) error {
	par := u.Acteur("")
	return s.Store.NoterLecture(c.Request.Context(), store.Lecture{Personne: par.Personne, Identifiant: u.Identifiant, Nom: par.Nom,
		Role: par.Role, Pour: par.Pour, Objet: v.objet, Dossier: v.dossier, Classes: v.classes, Nombre: v.nombre,
		Route: cleRoute(c.Request.Method, c.FullPath())})
}

// ecrivainTrace writes the line of the log before the first byte of an answer that
// is not a refusal. When it cannot, nothing of the answer leaves.
type ecrivainTrace struct {
	gin.ResponseWriter
	noter func() error
	note  bool
	echec error
}

func (w *ecrivainTrace) avant() error {
	if w.Status() >= http.StatusMultipleChoices {
		return nil // a refusal, ours included
	}
	if w.note {
		return w.echec
	}
	w.note = true
	if err := w.noter(); err != nil {
		w.echec = fmt.Errorf("showing nothing that is not written down: %w", err)
		for _, h := range []string{"Content-Length", "Content-Disposition", "Content-Type", "Etag"} {
			w.Header().Del(h)
		}
	}
	return w.echec
}

// Write sends bytes once the read is written down.
func (w *ecrivainTrace) Write(b []byte) (int, error) {
	if err := w.avant(); err != nil {
		return 0, err
	}
	return w.ResponseWriter.Write(b)
}

// WriteString is Write.
func (w *ecrivainTrace) WriteString(t string) (int, error) { return w.Write([]byte(t)) }

// WriteHeaderNow sends the headers once the read is written down.
func (w *ecrivainTrace) WriteHeaderNow() {
	if w.avant() == nil {
		w.ResponseWriter.WriteHeaderNow()
	}
}

// Flush sends what is written once the read is written down.
func (w *ecrivainTrace) Flush() {
	if w.avant() == nil {
		w.ResponseWriter.Flush()
	}
}

// Unwrap gives the deadlines of the connection.
func (w *ecrivainTrace) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// LireLectures answers GET /api/dossiers/{id}/lectures: who of the OPCO read a
// dossier.
func (s *Server) LireLectures(ctx context.Context, r LireLecturesRequestObject) (LireLecturesResponseObject, error) {
	p := qui(ctx).Portee()
	if _, err := s.Store.Ligne(ctx, p, r.Id); err != nil {
		return nil, err
	}
	page, err := s.Store.Lectures(ctx, p, store.FiltreLectures{Dossier: r.Id, Apres: r.Params.Apres, Limite: limite(r.Params.Limite)})
	if err != nil {
		return nil, err
	}
	if !p.Interne {
		for i := range page.Lectures { // what was read, not which pièce of whom
			page.Lectures[i].Objet, _, _ = strings.Cut(page.Lectures[i].Objet, "/")
		}
	}
	montrer(ctx, len(page.Lectures))
	return LireLectures200JSONResponse(page), nil
}

// ListerLectures answers GET /api/lectures: the whole log.
func (s *Server) ListerLectures(ctx context.Context, r ListerLecturesRequestObject) (ListerLecturesResponseObject, error) {
	x := r.Params
	page, err := s.Store.Lectures(ctx, qui(ctx).Portee(), store.FiltreLectures{Objet: x.Objet, Personne: x.Personne,
		Du: opco.Date(x.Du), Au: opco.Date(x.Au), Apres: x.Apres, Limite: limite(x.Limite)})
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Lectures))
	return ListerLectures200JSONResponse(page), nil
}
