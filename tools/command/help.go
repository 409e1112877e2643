package command

import (
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/urfave/cli/v2"
)

// width is the number of columns of a help text.
const width = 100

// Help returns a help text with {{flags}} replaced by a table of the flags that have no
// category, --help and --version among them, and {{flags "NAME"}} by those of category
// NAME, of the app and its subcommands. It panics if the text leaves out a flag.
func Help(app *cli.App, text string) string {
	all := slices.Clone(app.Flags)
	for _, sub := range app.Commands {
		all = append(all, sub.Flags...)
	}
	all = append(all, helpFlag(), versionFlag())

	categories := map[string][][2]string{}
	var rows [][2]string
	known := map[string]bool{}
	for _, flag := range all {
		name, category := flag.Names()[0], categoryOf(flag)
		if key := category + " " + name; !known[key] {
			known[key] = true
			rows = append(rows, row(flag))
			categories[category] = append(categories[category], row(flag))
		}
	}
	column := columnOf(rows)
	shown := map[string]bool{}
	table := func(category ...string) string {
		name := strings.Join(category, "")
		shown[name] = true
		return strings.TrimSuffix(table(categories[name], column), "\n")
	}
	var b strings.Builder
	parsed := template.Must(template.New(app.Name).Funcs(template.FuncMap{"flags": table}).Parse(text))
	if err := parsed.Execute(&b, nil); err != nil {
		panic(err)
	}
	for category, rows := range categories {
		if !shown[category] {
			panic(fmt.Sprintf("the help of %s leaves out the flags of category %q, such as %s", app.Name, category, rows[0][0]))
		}
	}
	return b.String()
}

func categoryOf(flag cli.Flag) string {
	if sorted, ok := flag.(cli.CategorizableFlag); ok {
		return sorted.GetCategory()
	}
	return ""
}

// row returns a flag as it is typed, and its description. The usage begins with the
// name of its value in backquotes, or has it within a sentence, as in package flag.
func row(f cli.Flag) [2]string {
	flag := f.(cli.DocGenerationFlag)
	value, usage := "VALUE", flag.GetUsage()
	if before, rest, found := strings.Cut(usage, "`"); found {
		if name, after, closed := strings.Cut(rest, "`"); closed {
			value, usage = name, before+name+after
			if before == "" {
				usage = after
			}
		}
	}
	var names []string
	for _, name := range f.Names() {
		dashes := "--"
		if len(name) == 1 {
			dashes = "-"
		}
		names = append(names, dashes+name)
	}
	typed := strings.Join(names, ", ")
	if flag.TakesValue() {
		typed += " " + value
	}
	var notes []string
	if text := strings.Trim(flag.GetDefaultText(), `"`); text != "" && flag.TakesValue() {
		notes = append(notes, "default: "+text)
	}
	if variables := flag.GetEnvVars(); len(variables) > 0 {
		notes = append(notes, "variable "+strings.Join(variables, " or "))
	}
	if len(notes) > 0 {
		usage += " (" + strings.Join(notes, "; ") + ")"
	}
	return [2]string{typed, usage}
}

// columnOf returns where the descriptions begin: behind all names but long ones, which
// get a line of their own.
func columnOf(rows [][2]string) int {
	const indent, gap, most = 2, 2, 27
	column := 0
	for _, r := range rows {
		if end := indent + len(r[0]) + gap; end <= most {
			column = max(column, end)
		}
	}
	return column
}

// table returns rows in two columns: what is typed, and what it does, wrapped.
func table(rows [][2]string, column int) string {
	var b strings.Builder
	for _, r := range rows {
		line := "  " + r[0]
		if len(line)+2 > column {
			b.WriteString(line + "\n")
			line = ""
		}
		line += strings.Repeat(" ", column-len(line))
		for i, word := range strings.Fields(r[1]) {
			switch {
			case i == 0:
				line += word
			case len(line)+1+len(word) > width:
				b.WriteString(line + "\n")
				line = strings.Repeat(" ", column) + word
			default:
				line += " " + word
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
