"""Good replies in English, by habit and phenomenon (`answers.md`, clauses 1 to 7)."""

from simulator.phrasebook.english import CLAUSES, FRAMES
from simulator.phrasebook.passing import good_rows
from simulator.phrasebook.template import Good

FROM_TWO = tuple(range(2, 11))
TWO_TO_NINE = tuple(range(2, 10))  # `ten` scores alone, after `a` and before a scale
FROM_SIX = tuple(range(6, 11))
BELOW_SIX = tuple(range(6))
NOT_ONE = (0, *FROM_TWO)
NOT_TXT = (0, 1, 3, *range(5, 11))  # `2great` and `4you` are text-speak
NOT_THREE = (0, 1, 2, *range(4, 11))  # `:3` is also a face

GOOD = (
    Good("words", "number-and-words", """
        I'd give it {an} {n} | I give you {an} {n} | You get {an} {n} from me | {an} {n} from me | {n} from me
        that's {an} {n} from us | my score is {n} | my answer is {n} | {n}, {comment} | {comment}, {n}
        {Comment}. {n} | {Comment}: {n} | {n}! {Comment}! | {hi}, {an} {n}. {Comment}. | {Comment}, so {n}
        put me down for {an} {n} | I'll say {n} | it's {an} {n} | {Comment} - {n} | {n}, {comment}, {bye}
        {Comment}, I'd give it {an} {n} | I rate you {n} | has to be {an} {n}
    """, weight=2),
    Good("words", "thanks", """
        {n} thanks | {n} thank you | {n}, {thanks} | {n}. {Thanks}! | {Thanks}, {n} | {hi}, {n}. {Thanks}.
        {Thanks}! {n} | {an} {n}, {thanks} | {n} and {thanks} | {n}, {comment}. {Thanks}!
    """),
    Good("words", "signed", """
        {n}{br}{name} | {n}, best wishes, {name} | {hi}, {an} {n} from us here in {place} | {n} - {name}
        {hi}, {an} {n}. Regards, {name} | {n}, {comment}{br}{bye}{br}{name}
    """),
    Good("words", "score-word", """
        score {n} | rating {n} | score: {n} | Rating: {n} | answer: {n} | my rating: {n}
    """),
    Good("words", "score-word", "Score:{n} | score:{n}! | Rating:{n}", NOT_THREE),
    Good("words", "hyphened-word", "score-{n} | Score-{n}! | rating-{n} | answer-{n}"),
    Good("words", "glued-score-word", "score{n} | Score{n}! | rating{n}"),
    Good("words", "glued-after", "{n}yay | {n}lovely | {n}great! | {n}brilliant", NOT_TXT),
    Good("words", "points", """
        {n} points | {n} points from me | I give you {n} points | {n} points out of 10
    """, NOT_ONE),
    Good("words", "many-stars", """
        {n} stars | {n} stars, well deserved | {n} ⭐ | {n} stars, {comment}
    """, FROM_SIX),
    Good("words", "kisses", "{n} x | {n} xx | {n} xxx | {n}, ta xx | {n}, love x", FROM_SIX),
    Good("words", "upper-case", """
        I'D GIVE IT {n} | {COMMENT}, {n} | {COMMENT}!!! {n}!!! | YOU GET {n} FROM ME | {n}, {COMMENT}
        MY SCORE IS {n}
    """),
    Good("words", "accents-missing", """
        the cafe was lovely, {n} | nice decor in the cafe, {n} | a bit cliche but fine, {n}
        ordered a la carte: {n}
    """),
    Good("words", "decomposed-accents", """
        the cafe\u0301 was lovely, {n} | bit of a cliche\u0301 but {n} | the fiance\u0301e liked it, {n}
    """),
    Good("words", "negated-then-score", """
        not {am} {m} but {an} {n} | not {am} {m}, {an} {n} | not {am} {m}, more like {an} {n}
        definitely not {am} {m}, {an} {n} | it's not {am} {m}, I'd say {n} | not {am} {m}, just {an} {n}
    """),
    Good("words", "negation-elsewhere", """
        nothing to complain about, {n} | no problems, {n} | no regrets! {n} | never had any bother, {n}
        {n}, no complaints | can't fault it, {n} | didn't have to wait, {n}
    """),
    Good("words", "hedge", """
        maybe {an} {n} | {n}? | {n}-ish | about {an} {n} | I'd say {n} | probably {an} {n} | {n} I think
        {n} I guess | let's say {n} | perhaps {an} {n} | {n} or so | hmm, {n}
    """),
    Good("words", "stop-in-sentence", """
        {n} but stop texting me | {n}, now please stop these texts | {an} {n} and take me off your list
        {n} but how do I unsubscribe
    """),
    Good("scale", "scale-words", """
        {n} out of 10 | {n} out of ten | {an} {n} out of 10 | {n} out of 10! | I'd give it {n} out of 10
        {n} out of 10, {comment} | {Comment}, {n} out of 10 | {hi}, {n} out of 10 from me
        {n} out of 10, {thanks} | solid {n} out of 10
    """, weight=2),
    Good("scale", "scale-quoted", """
        On a scale of 0 to 10, {n} | from 0 to 10 I'd say {n} | 0 to 10: {n} | {n} (0 to 10)
        scale of 1 to 10: {n}
        on the 0-10 scale {an} {n} | On your scale of 0 to 10 I'd go for {n}
    """),
    Good("spelled", "scale-spelled", """
        {w} out of ten | {w} out of 10 | {W} out of ten! | {an} {w} out of ten | {w} out of ten, {comment}
    """, FROM_TWO),
    Good("spelled", "spelled-alone", "{w} | {W} | {W}! | {w}. | {WW} | “{w}” | {W}...", FROM_TWO, weight=4),
    Good("spelled", "spelled-in-sentence", """
        {an} {w} | I give it {an} {w} | {an} {w} from me | you get {an} {w} | {an} {w}, {thanks}
        it's {an} {w}
        {Comment}, {an} {w} | I'd give you {an} {w} | that's {an} {w} from us | maybe {an} {w}
    """, FROM_TWO, weight=2),
    Good("spelled", "spelled-in-sentence", """
        score: {w} | {w}, {comment} | I'd say {w} | a solid {w} | {w} from me | {W} points | my score is {w}
        {w}, {thanks}
    """, TWO_TO_NINE, weight=2),
    Good("spelled", "word-for-one", """
        one | One | ONE | one! | one out of ten | one out of 10 | I give it a one | I'd give you a one | one.
        One out of ten, {comment} | I'd give it a one
    """, (1,)),
    Good("spelled", "word-for-zero", """
        zero | Zero! | ZERO | a zero from me | I give it a zero | zero out of ten | zero out of 10
        score: zero
        I'd give it zero | zero. {Comment}.
    """, (0,)),
    Good("flourish", "flourish", """
        a proper {n} | bob's your uncle, {n} | {n}, no messing | {n}, hands down | {n} innit | go on then, {n}
        {n} mate | blimey, {n} | right then, {n} | {comment} if I may say so, {n} | fair's fair, {n}
        call it {n}
        crikey, {n} | let's be honest, {n}
    """),
    Good("flourish", "flourish", """
        a solid {n} | a cracking {n} | spot on, {n} | top notch, {n} | chuffed to bits, {n}
        can't grumble, {n}
        fair play, {n} | brilliant, {n} | smashing, {n} | not too shabby, {n} | a well-earned {n}
        tickety-boo, {n}
        mustn't grumble, {n} | jolly good, {n} | lovely jubbly, {n} | bish bash bosh, {n}
    """, FROM_SIX),
    Good("flourish", "flourish", """
        dear oh dear, {n} | gutted, {n} | pants, {n} | not my cup of tea, {n} | what a palaver, {n}
        oh well, {n}
    """, BELOW_SIX),
    Good("typist", "typos", """
        {n} thnaks | {n} thaks | i giev it {an} {n} | {slip}, {n} | my socre is {n} | {n}, {slip}
        srevice ok, {n} | helpfull staff, {n} | {slip}. {n}! | youre getting {an} {n} | definately {an} {n}
    """),
    Good("repeater", "number-repeated", """
        {n}, yes {n} | {n}! Yes, {n}! | {an} {n}, a proper {n} | {n} so {n}
    """),
    Good("repeater", "digit-and-word", """
        {n} ({w}) | {w}, so {n} | {W}, yes {n} | {n}, that's {an} {w} | {w} {n} | {n}! {W}!
    """, TWO_TO_NINE),
    Good("chatty", "rambling", (
        "{hi}, I have been coming here for years and just wanted to get this off my chest: {comment}, "
        "{comment}. All in all I'd give you {an} {n}. {Comment}, but then you know that yourselves. "
        "{Thanks}, {bye}",
        "{Comment}, and then there is this: {comment}. I rang at 9am and after 20 minutes on hold "
        "somebody picked up. It was the 2nd time. My score: {n}. {bye}, {name}",
        "{hi}! You ask, so here you are: {n}. {Comment}. {Comment}. Do tell your colleagues what I think "
        "of it all. Our 7 year old says the same. Greetings from {place}, {name}",
        "I have been thinking about it long and hard on the train to {place}. {Comment}. {Comment}. "
        "{Comment}. That is why you get {an} {n} and nothing else, whatever my neighbour may say. "
        "{Thanks}!",
    )),
    *good_rows(FRAMES, CLAUSES),
)  # fmt: skip
