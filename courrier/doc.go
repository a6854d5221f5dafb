// Package courrier writes the letters and mails of the house, and sends the
// mails. One typed struct per event (an Evenement) gives both: the Lettre, a
// model of blocks drawn as a PDF or as an accessible HTML page, and the Message,
// the same sentences as text and HTML. Rendering is pure: the same event gives
// the same bytes, so an activity may be retried. Reasons come from the catalogue
// of motifs of opco and from nowhere else. Only Postier touches the network.
package courrier
