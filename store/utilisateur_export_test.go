package store

// RequeteUtilisateur is the query that says who somebody is, for its plan.
func RequeteUtilisateur() string { return requeteUtilisateur }
