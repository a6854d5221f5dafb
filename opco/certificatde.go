package opco

// CertificatsDe returns the certificats of a stagiaire, as the comparison matches
// names.
func (d *Dossier) CertificatsDe(s Stagiaire) []Certificat { return d.certificatsDe(s) }
