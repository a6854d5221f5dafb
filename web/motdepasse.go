package web

// Oubli asks for the link that changes a lost password (AT-10, C20).
type Oubli struct {
	Page
	Epreuve Epreuve
}

// Reinitialisation chooses a new password with the link of the mail.
type Reinitialisation struct {
	Page
	Exigence Exigence
	Epreuve  Epreuve
}
