package main

import (
	"fmt"
	"regexp"
	"strings"
)

// faute is a mistake on the command line: as the library that reads the line says it, and in French.
// $1, $2… stand for what was found.
type faute struct {
	dite *regexp.Regexp
	mots string
}

var fautes = []faute{
	{regexp.MustCompile(`^unexpected argument (\S+?)(?:, did you mean (.+)\?)?$`), "« $1 » n’est pas attendu ici.$2"},
	{regexp.MustCompile(`^unexpected (?:flag argument|token) "?(.+?)"?$`), "« $1 » n’est pas attendu ici."},
	{regexp.MustCompile(`^unknown flag (\S+?)(?:, did you mean (.+)\?)?$`), "L’option $1 n’existe pas.$2"},
	{regexp.MustCompile(`^missing flags: (.+)$`), "Il manque une option obligatoire : $1."},
	{regexp.MustCompile(`^missing positional arguments (.+)$`), "Il manque un argument : $1."},
	{regexp.MustCompile(`^expected one of (.+)$`), "Il manque une commande : $1."},
	{regexp.MustCompile(`^expected (".+")$`), "Il manque une commande ou un argument : $1."},
	{regexp.MustCompile(`^no command selected$`), "Il manque une commande."},
	{regexp.MustCompile(`^(--[\w-]+) and (--[\w-]+) can't be used together$`), "Les options $1 et $2 ne vont pas ensemble : choisissez."},
	{regexp.MustCompile(`^(\S+?)(?:=\S+)? must be one of (.+) but got (".*")$`), "$1 vaut $3, qui n’est pas possible : choisissez parmi $2."},
	{regexp.MustCompile(`^(\S+?)(?:=\S+)?: expected a valid \d+ bit u?int but got (".*")$`), "$1 demande un nombre entier, pas $2."},
	{regexp.MustCompile(`^(\S+?)(?:=\S+)?: expected (?:an int|a float) but got (".*?").*$`), "$1 demande un nombre, pas $2."},
	{regexp.MustCompile(`^(\S+?)(?:=\S+)?: expected duration but got (".*?").*$`), "$1 demande une durée, par exemple 90s ou 2m, pas $2."},
	{regexp.MustCompile(`^(\S+?)(?:=\S+)?: bool value must be .* but got (".*")$`), "$1 se donne seule, ou avec =true ou =false, pas $2."},
	{regexp.MustCompile(`^(\S+?)(?:=\S+)?: expected \S+ value but got "EOL".*$`), "L’option $1 demande une valeur."},
	{regexp.MustCompile(`^(\S+?)(?:=\S+)?: expected \S+ value but got "(.*?)" .*$`), "L’option $1 demande une valeur, et « $2 » est une option."},
}

// usage says in French what is wrong with a command line. What no rule knows is given as it is said:
// nothing is hidden.
func usage(err error) string {
	dite := strings.Replace(err.Error(), ", ...", ", etc", 1) // the list of what may follow is cut
	for _, f := range fautes {
		if m := f.dite.FindStringSubmatch(dite); m != nil {
			return guillemets(remplir(f.mots, m[1:]))
		}
	}
	return "La commande n’est pas comprise : " + guillemets(dite)
}

// remplir puts what was found in a sentence. A suggestion is one of its own.
func remplir(mots string, trouves []string) string {
	for i, t := range trouves {
		if i == 1 && strings.HasSuffix(mots, ".$2") {
			if t != "" {
				t = " Vouliez-vous dire " + strings.TrimPrefix(t, "one of ") + " ?"
			}
		}
		mots = strings.ReplaceAll(mots, fmt.Sprintf("$%d", i+1), t)
	}
	return mots
}

var citation = regexp.MustCompile(`"([^"]*)"`)

// guillemets writes quotations the French way.
func guillemets(s string) string { return citation.ReplaceAllString(s, "« $1 »") }
