package web

import "net/url"

// valeurs writes the values of a form: names and values in turn.
func valeurs(paires ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(paires); i += 2 {
		v.Set(paires[i], paires[i+1])
	}
	return v
}
