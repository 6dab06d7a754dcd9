"""Bad replies in English, by verdict and phenomenon (`answers.md`, "Verdicts" and clauses 4 to 10)."""

from simulator.phrasebook import figures
from simulator.phrasebook.english import CLAUSES
from simulator.phrasebook.passing import bad_rows
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.template import Bad

BAD = (
    Bad(Meaning.OPT_OUT, "stop-polite", """
        STOP please | stop pls | Stop, thanks | STOP thank you | please stop | Stop please! | stop, please
    """, weight=2),
    Bad(Meaning.OPT_OUT, "stop-other-keyword", """
        UNSUBSCRIBE | unsubscribe | Unsubscribe please | Unsubscribe! | unsubscribe, thanks
        Please unsubscribe
    """),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} out of 20 | {n} out of twenty | {an} {n} out of 20 | I'd give it {n} out of 20
        {n} out of 20, {comment}
    """, figures.TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} out of 5 | {an} {n} out of 5 | {n} out of 5, {comment}
    """, figures.FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} out of 100 | {n} out of a hundred | I'd say {n} out of 100
    """, figures.HUNDREDTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} out of five | {an} {w} out of five | {W} out of five!
    """, figures.WORD_FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} out of twenty | {W} out of twenty!
    """, figures.WORD_TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "percent-words", "{n} percent | {n} per cent | {n} percent!", figures.PERCENTS),
    Bad(Meaning.OTHER_SCALE, "percent-words", "{w} percent | {W} per cent", figures.WORD_PERCENTS),
    Bad(Meaning.OTHER_SCALE, "star-words", """
        {n} stars | {w} stars | {n} stars! | I give you {n} stars | {n} stars from me | {W} stars!
    """, figures.STARS),
    Bad(Meaning.OTHER_SCALE, "stars-on-five", """
        {n} stars out of 5 | {n} out of 5 stars | {w} stars out of five
    """, figures.STARS),
    Bad(Meaning.AMBIGUOUS, "two-scores", """
        {n} or {m} | {an} {n} or {am} {m} | either {n} or {m} | {n} or maybe {m} | {n} and {m}
        either {an} {n} or {am} {m}
    """, figures.NEIGHBOURS, weight=3),
    Bad(Meaning.AMBIGUOUS, "between", """
        between {n} and {m} | between {an} {n} and {am} {m} | somewhere between {n} and {m} | {n} to {m}
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "bound", """
        at least {n} | at least {an} {n} | at most {an} {n} | more than {n} | less than {n}
        no more than {an} {n}
        at the very least {an} {n} | more than {an} {n}
    """, figures.BOUNDS),
    Bad(Meaning.AMBIGUOUS, "near-miss", """
        almost {an} {n} | nearly {an} {n} | almost {n} | nearly {n} | almost {an} {n}, {comment}
    """, figures.ALMOST),
    Bad(Meaning.AMBIGUOUS, "correction", """
        {n} er no {m} | {n}, sorry {m} | {n}... wait, {m} | {n}, I mean {m} | oops, {n} should be {m}
        {n} no hang on, {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "condition", """
        {n}, {m} if you deliver faster | {n}, but {m} if the price drops
        now {an} {n}, with better service {am} {m}
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "comparison", """
        last time {n}, now {m} | used to be {an} {n}, today {am} {m} | my husband says {n}, I say {m}
        the competition gets {an} {n}, you get {am} {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "per-aspect", """
        food {n}, service {m} | {n} for the service, {m} for the food | shop: {n}, website: {m}
        {n} for the delivery but {m} for the price | {an} {n} for the staff and {am} {m} for the app
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "two-spelled", """
        {w} or {v} | {an} {w} or {am} {v} | between {w} and {v} | {W} or {v} | either {an} {w} or {am} {v}
    """, figures.NEIGHBOURS[:-1]),
    Bad(Meaning.NOT_INTEGER, "decimal", """
        {an} {n}.5 | I'd give it {an} {n}.5 | {n}.5 from me | {n}.5, {comment} | score: {n}.5 | {n}.5 thanks
    """, figures.TENTHS, weight=2),
    Bad(Meaning.NOT_INTEGER, "half-words", """
        {n} and a half | {an} {n} and a half | I'd say {n} and a half
    """,
        figures.HALVES),
    Bad(Meaning.NOT_INTEGER, "half-spelled", """
        {w} and a half | {an} {w} and a half | {W} and a half! | I'd say {w} and a half
        {w} and a half, {comment}
    """, figures.WORD_HALVES),
    Bad(Meaning.NOT_INTEGER, "point-spelled", """
        {w} point five | {n} point five | {n} point 5
    """, figures.WORD_HALVES),
    Bad(Meaning.OUT_OF_RANGE, "off-the-scale-words", """
        {an} {n} | I'd give it {an} {n} | you get {an} {n} | score: {n} | {n}, {comment} | {n} from me
        I'd say {n}
    """, figures.OFF, weight=2),
    Bad(Meaning.OUT_OF_RANGE, "hundred-words", """
        a hundred | one hundred | I'd give it 100 | a solid 100 | a thousand!
    """),
    Bad(Meaning.OUT_OF_RANGE, "off-spelled", "{w} | {W}! | {WW} | I'd give it {w}", figures.OFF_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", """
        {n} out of 10 | {n} out of ten! | {an} {n} out of 10
    """, figures.OVER_TEN),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", "{w} out of ten | {w} out of 10", figures.OVER_TEN_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "negative-words", """
        score -{n} | score: -{n} | I'd give it -{n} | score:-{n}
    """,
        figures.BELOW_ZERO),
    Bad(Meaning.NO_SCORE, "praise", """
        great service | very happy | {comment} | {Comment}! | well done | spot on | all good
        {comment} {emoji}
        {Comment}. {Comment}. | couldn't be better | lovely
    """, weight=4),
    Bad(Meaning.NO_SCORE, "thanks-only", """
        thanks | Thank you! | cheers | {thanks} | {Thanks}! | {hi}, {thanks} | ta very much, {name}
    """, weight=2),
    Bad(Meaning.NO_SCORE, "complaint", """
        rubbish | never again | {Comment}, I'll ring you | I want my money back | what a joke
        utterly useless
        the bill is wrong again
    """, weight=2),
    Bad(Meaning.NO_SCORE, "okay", """
        ok | okay | yes | no | fine | good | Ok thanks | alright | yep | nope
    """, weight=3),
    Bad(Meaning.NO_SCORE, "who-is-this", """
        who is this? | Who's this? | who am I talking to? | do I know you? | new phone, who dis?
    """, weight=2),
    Bad(Meaning.NO_SCORE, "wrong-number", """
        wrong number | You've got the wrong number | this isn't for me | I'm not a customer of yours
        wrong person I think
    """),
    Bad(Meaning.NO_SCORE, "question-back", """
        what is this about? | does this cost anything? | is this spam? | how does this work?
        Which order exactly?
        can I reply by email?
    """),
    Bad(Meaning.NO_SCORE, "question-about-number", """
        is {n} good or bad? | what does {an} {n} mean? | is {an} {n} bad? | Is {n} the best?
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "request", """
        Please call me back | can somebody ring me? | when is my parcel coming? | send me the bill please
        What are your opening hours? | hello?
    """),
    Bad(Meaning.NO_SCORE, "negated", """
        not {an} {n} | definitely not {an} {n} | it's not {an} {n} | certainly not {an} {n}, {comment}
        that is not {an} {n}
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "full-marks", """
        full marks | the maximum | top marks! | all the points | the best score there is | bottom of the scale
    """),
    Bad(Meaning.NO_SCORE, "scale-only", """
        why 0 to 10? | I don't get the 0 to 10 | what's with the 0-10? | 0 to 10 of what?
    """),
    Bad(Meaning.NO_SCORE, "five-star-service", """
        five-star service | real five-star service | Five-star service!
    """),
    Bad(Meaning.NO_SCORE, "stop-in-a-story", """
        stop sending me these | how do I unsubscribe? | can you make these texts stop? | stop this nonsense
        stop or I'll report you
    """),
    Bad(Meaning.NO_SCORE, "question-and-no-answer", """
        > {question}{br}who is this? | “{question}” what a question | {question}{br}no idea
    """),
    Bad(Meaning.NO_SCORE, "automatic-notice", """
        I'm not available right now. | I'm in a meeting and will call you back. | I'm driving, talk later.
        Automatic reply: on holiday.
    """),
    *bad_rows(CLAUSES),
)  # fmt: skip
