package datadir

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Erase deletes the data directory after a person has typed « oui »; agreed
// stands for that answer where there is no terminal. It refuses a directory in
// use, or one that Guichet did not write. The error is a French sentence.
func Erase(path string, in *os.File, out io.Writer, agreed bool) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		_, _ = fmt.Fprintf(out, "Aucune donnée dans %s : il n'y a rien à effacer.\n", path)
		return nil
	}
	d, err := Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if !agreed {
		if err := confirm(path, in, out); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("les données de %s n'ont pas pu être toutes effacées (%w)", path, cause(err))
	}
	_, _ = fmt.Fprintf(out, "Les données de %s sont effacées.\n", path)
	return nil
}

func confirm(path string, in *os.File, out io.Writer) error {
	info, err := in.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return errors.New("effacer les données demande une confirmation au clavier : lancez cette commande dans un terminal, ou ajoutez OUI=1")
	}
	_, _ = fmt.Fprintf(out, "Toutes les données de %s vont être effacées : dossiers, règlements, courriels, fichiers.\nTapez « oui » pour confirmer : ", path)
	answer, _ := bufio.NewReader(in).ReadString('\n')
	if strings.TrimSpace(answer) != "oui" {
		return errors.New("rien n'a été effacé")
	}
	return nil
}
