package env

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// TLSMoteur returns how to talk TLS to the engine, nil where nothing asks for it: its
// address is then of this machine or of a private network.
func (c Config) TLSMoteur() (*tls.Config, error) {
	if !c.TemporalTLS && c.TemporalAutorite == "" && c.TemporalCert == "" && c.TemporalCle == "" && c.TemporalNom == "" && c.TemporalCleAPI == "" {
		return nil, nil
	}
	t := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.TemporalNom}
	var fautes []error
	if c.TemporalAutorite != "" {
		t.RootCAs = x509.NewCertPool()
		pem, err := os.ReadFile(c.TemporalAutorite)
		if err != nil || !t.RootCAs.AppendCertsFromPEM(pem) {
			fautes = append(fautes, fmt.Errorf("GUICHET_TEMPORAL_AUTORITE = « %s » : ce fichier manque ou n’est pas un certificat PEM", c.TemporalAutorite))
		}
	}
	if c.TemporalCert != "" || c.TemporalCle != "" {
		paire, err := tls.LoadX509KeyPair(c.TemporalCert, c.TemporalCle)
		if err != nil {
			fautes = append(fautes, errors.New("GUICHET_TEMPORAL_CERT et GUICHET_TEMPORAL_CLE vont ensemble : un certificat PEM et sa clé, que ce programme puisse lire"))
		}
		t.Certificates = []tls.Certificate{paire}
	}
	return t, errors.Join(fautes...)
}
