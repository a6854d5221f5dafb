// Package web is the rooms: the pages that people read and fill in, before login
// and after. A page is a typed struct that embeds Page, and one templ component
// of the same noun; its handler calls the very methods that the JSON doors of
// package api call, so that a page and the API are one code.
//
// # To add a page
//
//  1. Write pages in NOUN.templ and their handlers in NOUN.go. The struct embeds
//     Page; a connected page starts with @Coquille(p.Page), a page without menu
//     with @PageSeule(p.Page).
//  2. Compose it with the components of champ.templ, pastille.templ, avis.templ,
//     tuile.templ, table.templ, historique.templ, decision.templ. Only
//     pastille.go maps an état to a label, an icon and a tone. An icon is a file
//     of icones, taken from Lucide.
//  3. Add the route and who may take it to routes, in routes.go. Build the page
//     with Web.page and answer with Web.rendre. A form is read by
//     Web.formulaire, checked by a lecteur, sent by Web.Portes or by the API;
//     it answers 303 (suite, annoncer) when it worked, and shows itself again
//     with 422 and its values when it did not (reprendre, Formulaire.avec).
//  4. Add a function that returns the page with its data (empty, ordinary, long,
//     with faults) to planches, in planches.go: the browser tests walk every
//     planche in light and dark, wide and narrow, and axe must find nothing.
//  5. Run « go generate ./web »: a test compares the generated
//     files, which are committed.
//
// The pages of connected people carry a Piece (piece.go: who they are, the menu of
// their rights, the id of the acte of their forms) and knock at Interieur, whose
// doors are the handlers of the API; their routes are in routes_interieur.go.
//
// A page that stays open hears what happens (direct.go): its menu counts by itself; one
// that shows a dossier calls Piece.Suivre with its id and rang, and what moves with it
// is drawn again by its id (vif.go): talon, état, amounts, counts of its tabs; one that shows a list calls Piece.SuivreListe and marks
// the list data-liste: what its filter now holds is counted by the server
// (direct_liste.go) and announced, never inserted. A button says its key in Touche: the help and the palette
// read it there.
//
// Everything works without JavaScript; guichet.js only makes it quicker. There
// is no inline style and no handler in an attribute: the policy of contents
// refuses them.
package web
