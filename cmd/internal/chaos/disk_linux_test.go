package chaos

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet/opco"
)

// onSmallDisks says that the stack around the test has a small disk for its base, one for its
// files and one for the bank.
const onSmallDisks = "GUICHET_ESSAI_DISQUES"

// A disk that is full loses nothing and breaks nothing: who sends something reads that there is
// no room and what to do, the console or the probe says it, and all goes on when room is made. It
// starts a stack on small disks, where it runs again.
func TestDisquePlein(t *testing.T) {
	k := openStack(t, true)
	if os.Getenv(onSmallDisks) != "" {
		k.contract(filesFull())
		k.contract(bankFull())
		k.baseFull()
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("only root mounts the small disks that this test fills")
	}
	data, err := os.MkdirTemp("", "guichet-disques-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	k.mount(data, "size=900m,mode=755")
	local := filepath.Join(filepath.Dir(k.product()), "guichet-local")
	inside := func(args ...string) {
		cmd := exec.CommandContext(k.Context(), local, append([]string{"exec", "--"}, args...)...)
		cmd.Env = append(os.Environ(), "GUICHET_DATA="+data, onSmallDisks+"=oui")
		out, err := cmd.CombinedOutput()
		if k.Logf("%s", out); err != nil {
			k.Fatalf("on small disks: %v", err)
		}
	}
	inside("true") // it makes the directories
	k.mount(filepath.Join(data, "fichiers"), "size=64m,mode=700")
	k.mount(filepath.Join(data, "banque"), "size=8m,mode=700")
	inside("sh", "-c", `"$0" demo >/dev/null && exec "$1" -test.v -test.run '^TestDisquePlein$'`, k.product(), os.Args[0])
}

// mount puts a small disk there until the end of the test.
func (k *stack) mount(dir, options string) {
	k.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		k.Skipf("this machine lets nobody mount the small disks that this test fills: %v", err)
	}
	k.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// fill takes all the room of the disk of a directory, until what it returns gives it back.
func (k *stack) fill(dir string) (empty func()) {
	k.Helper()
	f, err := os.Create(filepath.Join(dir, "lest"))
	if err != nil {
		k.Fatal(err)
	}
	defer f.Close()
	var size int64
	for step := int64(64 << 20); step >= 4096; {
		err := syscall.Fallocate(int(f.Fd()), 0, size, step)
		switch {
		case err == nil:
			size += step
		case errors.Is(err, syscall.ENOSPC):
			step /= 2
		case !errors.Is(err, syscall.EINTR):
			k.Fatalf("filling %s: %v", dir, err)
		}
	}
	k.Cleanup(func() { _ = os.Remove(f.Name()) })
	return func() {
		if err := os.Remove(f.Name()); err != nil {
			k.Error(err)
		}
	}
}

// filesFull is a disk of the files without room.
func filesFull() fault {
	var empty func()
	return fault{name: "disque des fichiers plein",
		inject: func(k *stack) {
			empty = k.fill(k.cfg.Fichiers)
			f := k.newTraffic()
			kept := one[int](k, `SELECT count(*) FROM fichier`)
			_, err := k.as("e1").Draft(k.Context(), f.demande("e1", number.Add(1)))
			if err == nil || !strings.Contains(err.Error(), "Guichet n’a plus de place pour enregistrer : rien n’a été gardé de cet envoi") {
				k.Errorf("who sends a file reads: %v", err)
			}
			left, globErr := filepath.Glob(filepath.Join(k.cfg.Fichiers, "quarantaine-*"))
			if n := one[int](k, `SELECT count(*) FROM fichier`); n != kept || len(left) > 0 || globErr != nil {
				k.Errorf("%d files more are said to be kept, and %d are left half written, %v", n-kept, len(left), globErr)
			}
		},
		nature: opco.IncidentActivite, titre: "Les fichiers déposés ne peuvent plus être gardés", conseil: "Libérez de la place", objets: 1,
		heal:  func(*stack, group) string { empty(); return "place faite" },
		after: func(k *stack) { k.bring(2, 1).check() }}
}

// bankFull is a folder of the bank without room, when a lot must leave.
func bankFull() fault {
	var empty func()
	var lot string
	return fault{name: "dossier de la banque plein",
		inject: func(k *stack) {
			empty = k.fill(k.cfg.Banque)
			lot = k.paid(toBank)
		},
		nature: opco.IncidentActivite, titre: "Le dossier d’échange avec la banque est plein", conseil: "Libérez de la place", objets: 1,
		heal: func(*stack, group) string { empty(); return "place faite" },
		after: func(k *stack) {
			for end := time.Now().Add(bound); one[string](k, `SELECT etat FROM lot WHERE id = $1`, lot) != string(opco.LotTransmis); time.Sleep(time.Second) {
				if time.Now().After(end) {
					k.Fatalf("lot %s does not leave", lot)
				}
			}
			files, err := filepath.Glob(filepath.Join(k.cfg.Banque, "emis", "*"+lot+"*"))
			if err != nil || len(files) != 1 {
				k.Errorf("the bank has %v, %v, want the file of %s once", files, err, lot)
			}
		}}
}

// baseFull is a disk of the base without room, under traffic: the base may refuse what does
// not fit, or stop.
func (k *stack) baseFull() {
	k.Helper()
	k.calm()
	private := k.freeAddress()
	own := k.launchAPI(k.product(), "GUICHET_ADRESSE_INTERNE="+private)
	f := k.newTraffic()
	f.patience = 4 * bound
	k.Cleanup(f.halt)
	for range 3 {
		f.group.Go(func() {
			for !f.halted() {
				f.dossier()
			}
		})
	}
	row := outcome{fault: "disque de la base plein, sous trafic", objets: 1, action: "place faite"}
	empty := k.fill(os.Getenv("GUICHET_DATA"))
	row.found, row.words = k.toldOfNoRoom(own.url, private)
	empty()
	made := time.Now()
	f.halt()
	k.calm()
	row.healed = time.Since(made)
	f.check()
	f.repeat()
	k.doubled(20) // a base without room comes and goes
	row.verify = k.verify()
	record(row)
}

// toldOfNoRoom waits until who sends something is told why it is not taken, and who looks
// after the house is told too.
func (k *stack) toldOfNoRoom(url, private string) (time.Duration, string) {
	k.Helper()
	said, seen := "", ""
	who, ops, start := k.as("e1").Patient(0).At(url), k.as("ops").Patient(0).At(url), time.Now()
	f := &traffic{stack: k, begins: opco.JourDe(time.Now()).Jours(70)}
	for ; time.Since(start) <= bound && (said == "" || seen == ""); time.Sleep(500 * time.Millisecond) {
		_, err := who.Draft(k.Context(), f.demande("e1", number.Add(1)))
		for _, words := range []string{"Guichet n’a plus de place pour enregistrer", "Guichet ne joint plus sa base de données"} {
			if err != nil && strings.Contains(err.Error(), words) {
				said = words
			}
		}
		var x struct{ Causes []group }
		if ops.Get(k.Context(), "/api/ops/incidents", &x) == nil {
			for _, g := range x.Causes {
				if g.Titre == "La base n’a plus de place" {
					seen = g.Titre
				}
			}
		}
		if p := k.probe(private); strings.Contains(p, `"base":"non`) || strings.Contains(p, `"place":"non`) {
			seen = strings.TrimPrefix(seen+", sonde : "+p, ", ")
		}
	}
	if said == "" || seen == "" {
		k.Errorf("after %s who sends reads « %s », who looks after reads « %s »", seconds(bound), said, seen)
	}
	return time.Since(start), said + " ; " + seen
}
