package prompt

import "strings"

// Vocabulary returns 1024 words. Each of them, with a space before it, is one token
// in the vocabularies of Llama 2 and 3, Mistral, Qwen, Gemma and GPT-4o, regardless
// of its neighbours.
func Vocabulary() []string { return strings.Fields(vocabulary) }

const vocabulary = `
able about above absolute accept access according account action active actual actually added
adding addr address addresses adds after again against algorithm alias aligned alignment
allocate allocated allow allowed allows along already also always amount analysis another
anything appear append apply archive arena args argument arguments around array arrays assembly
assert assign assigned atomic attempt attribute author authors available avoid away back base
based basic because been before begin behavior being below best better between binary bitmap
bits blank block blocked blocking blocks body bool boolean both bound boundary bounds branch
break broken buffer buffers bugs build building built byte bytes cache cached call callback
called caller calling calls cannot canonical care carry case cases catch cause chain change
changed changes changing channel char character charge check checked checking checks child
children choose chunk class clean cleanup clear client close closed closing closure code codes
collect color column come comes command commands comment comments commit common compare compile
compiled compiler complete completed complex component compute computed condition config
consider const constant constants construct contain contained contains content contents context
continue control convert converted copies copy copyright core correct cost could count counter
counts coverage create created creates creating current currently custom cycle cycles data
database date deadline deal debug decimal declare decode default define defined defines delete
deleted delta depend depending depends depth derived desired detail details detect device diff
different digest digit direct directory disable disabled display document does doing domain done
double down driver duplicate duration during dynamic each early easy echo edge effect either
elem element elements else embedded emit empty enable enabled encode encoded encoding ends
ensure entity entries entry equal error errors escape escaped eval even event events ever every
exact example examples except exception exec execute execution exercise exist existing exists
exit expect expected expects explicit export express extended extension extent external extra
fact fail failed fails failure fall false fast feature features fetch field fields file filename
files fill filter final find fine first fixed flag flags float floating flow flush follow
following force foreign form format formats forms forward found four frame frames free from full
fully func function functions future general generate generated generator generic gets give
given global goal going good goto graph greater group groups grow half handle handled handler
handles handling hash have having head header headers heap held help helper here high higher
hold holding holds hooks hope host however html http idle ignore ignored image implement
implicit import important imports include included includes including incorrect index indices
info init initial inline input inputs insert inside install installed instance instead integer
interface internal into invalid issue issues item items iteration iterator jump just keep kernel
keys keyword kind know known label language languages large last later latest layout lead
leading leaf least leave left legal length less level libraries library license licensed
licenses like likely limit limited line lines link linked links list listed lists literal little
live load loaded loading loads local locale location lock logic long look looking looks lookup
loop lower machine macro made main make makes making manual many mapped mapping maps mark marked
marks mask match matched matches matching material materials math matter maximum maybe mean
meaning means member members memory merge message messages meta metadata method methods middle
might minimum missing mode modified modify module modules more most move much multiple must name
named names namespace necessary need needed needs negative nested network never next node nodes
none normal normally note nothing notice null number numbers object objects offset often older
once ones only open operand operation operator option optional options order ordering origin
original other others otherwise outer output outside over overflow override package packages
padding page pages pair pairs panic parallel parameter params parent parse parsed parser part
partial parts pass passed passes past path paths pattern patterns pending people perform permit
person persons phase pipe place platform please plus point pointer points pool port portion
position positions positive possible possibly precision prefix present prevent previous print
printed printf printing prints prior private probably problem process processed produce product
products profile program progress project property protocol provide provided proxy public
publish published purpose push python query queue quoted race random range ranges rather read
reader reading reads ready real really reason receive received receiver recent record records
reduce refer reference reflect regex region register regular related relative release released
remain remaining remove removed replace report reported reports represent request requested
requests require required requires reserved reset resolve resolved respect response rest result
results retain return returned returns reverse right rights root roots round rule rules running
runs runtime safe same sample save scalar scan scope script scripts search second seconds secret
section sections security seed seen segment select selected selection selector sell send sending
sense sent sequence server session sets setting settings shall share shared shift short should
show shows side sign signal signals signature signed similar simple since single size sizes skip
slice slot slots slow small socket software some something sometimes sort sorted source sources
space spaces span spec special specific specified split stack standard start started starting
starts stat state statement static status step still stop store stored stores stream strict
string strings struct structure style subject success such suffix summary support supported
supports sure switch symbol symbols sync syntax system systems table tables tags take taken
takes taking target targets tell template templates temporary term terms test tested testing
tests text than that their them then there these they thing things third this those though
thread threads three through throw thus time timeout timer times token tokens tool tools total
trace track transform tree trigger true trying turn type typedef typeof types typically
undefined under union unique unit unknown unless unsafe unsigned until unused update updated
updates upon upper usage used user users uses using usually valid value values variable
variables vector verify version versions very void wait waiting walk want warning warnings ways
well were what when where whether which while whole whose width will window windows with within
without word words work worker working works world would wrapper write writer writes writing
written wrong your zero zone`
