//! A person's weeks, brought in through the app's own commands: what screens look like in use.

use anyhow::Result;
use chrono::{Days, Local, NaiveDate, NaiveTime};
use serde_json::{Value, json};
use trellis_api_types::Command;
use trellis_api_types::checkin::{CheckIn, CheckInSave, Halt, Kept, Medication, Mood, Use};
use trellis_api_types::plan::*;
use trellis_api_types::safety::*;
use trellis_api_types::settings::{Pathway, SettingsEdit, SettingsSave};

use crate::page::Page;

/// Days back to the first check-in.
const DAYS: u64 = 110;

/// Days back to the one return to use.
const RETURNED: u64 = 73;

/// Fills in a whole person, in Spanish or in English.
pub async fn fill(page: &Page, spanish: bool) -> Result<()> {
    let person = Person { spanish };
    let all = [person.settings(), person.plan(), person.safety(), person.check_ins()].concat();
    page.ask_all(all).await.map(drop)
}

/// A command by its name, with its arguments.
type Call = (&'static str, Value);

fn call<C: Command>(command: &C) -> Call {
    (C::NAME, json!(command))
}

#[derive(Clone, Copy)]
struct Person {
    spanish: bool,
}

impl Person {
    fn say(self, english: &str, spanish: &str) -> String {
        if self.spanish { spanish } else { english }.to_owned()
    }

    fn settings(self) -> Vec<Call> {
        let edits = [
            SettingsEdit::Name("Maya".into()),
            SettingsEdit::RecoveryStart(Some(ago(984))),
            SettingsEdit::Pathway(Pathway::TwelveStep),
            SettingsEdit::TracksMedication(true),
            SettingsEdit::SafetyPlanOnLock(true),
            SettingsEdit::EmergencyNumber(self.say("911", "112")),
            SettingsEdit::Reminder(NaiveTime::from_hms_opt(19, 30, 0)),
            SettingsEdit::DeviceName(self.say("My phone", "Mi teléfono")),
        ];
        edits.map(|edit| call(&SettingsSave { edit })).to_vec()
    }

    fn plan(self) -> Vec<Call> {
        let mut edits = vec![
            PlanEdit::OwnWords(self.say(
                "I want to be wide awake for Sunday breakfast with Noor.",
                "Quiero estar bien despierta para el desayuno del domingo con Noor.",
            )),
            self.need(
                "bed",
                ("A bed for next week", "Una cama para la próxima semana"),
                (
                    "Grove House holds one until Monday at noon.",
                    "Casa Arboleda guarda una hasta el lunes a mediodía.",
                ),
                1,
            ),
            self.need(
                "bus",
                ("Bus pass", "Pase de autobús"),
                ("Ask at the center on Grove Street.", "Preguntar en el centro de la calle Arboleda."),
                5,
            ),
        ];
        let strengths = [
            ("I keep my word to Noor", "Le cumplo a Noor lo que digo"),
            ("Good with my hands", "Soy buena con las manos"),
            ("I ask early now", "Ahora pido ayuda temprano"),
            ("Funny on bad days", "Con humor en los días malos"),
        ];
        edits.extend(
            strengths
                .iter()
                .zip(1..)
                .map(|(words, n)| self.line(LineList::Strengths, &format!("demo-strength-{n}"), *words)),
        );
        edits.extend(self.health());
        edits.extend(self.home());
        edits.extend(self.community());
        edits.into_iter().map(|edit| call(&PlanSave { edit })).collect()
    }

    fn health(self) -> Vec<PlanEdit> {
        let title = ("Sleep through most nights", "Dormir bien casi todas las noches");
        let reason = ("Tired is when it starts for me.", "Cuando estoy cansada, ahí empieza todo.");
        vec![
            self.goal("demo-health", Dimension::Health, title, reason),
            self.step(
                "demo-health",
                "a",
                ("Morning medication", "Medicina de la mañana"),
                Some(0),
                StepState::Done,
            ),
            self.step(
                "demo-health",
                "b",
                ("No coffee after two", "Nada de café después de las dos"),
                None,
                StepState::Doing,
            ),
            self.step(
                "demo-health",
                "c",
                ("Ask the clinic about sleep", "Preguntar en la clínica por el sueño"),
                Some(4),
                StepState::ToDo,
            ),
            self.line(
                LineList::Helps("demo-health".into()),
                "demo-h1",
                ("A walk before bed", "Caminar antes de acostarme"),
            ),
            self.goal(
                "demo-moving",
                Dimension::Health,
                ("Move a little each day", "Moverme un poco cada día"),
                ("", ""),
            ),
        ]
    }

    fn home(self) -> Vec<PlanEdit> {
        let title = ("Ready for the visit at Grove House", "Lista para la visita en Casa Arboleda");
        let reason = ("A door of my own that locks.", "Una puerta mía, con llave.");
        let (helps, supporters) =
            (LineList::Helps("demo-home".into()), LineList::Supporters("demo-home".into()));
        vec![
            self.goal("demo-home", Dimension::Home, title, reason),
            self.step(
                "demo-home",
                "a",
                ("Call Grove House", "Llamar a Casa Arboleda"),
                None,
                StepState::Done,
            ),
            self.step(
                "demo-home",
                "b",
                ("Pack the blue bag for Monday", "Preparar la bolsa azul para el lunes"),
                Some(0),
                StepState::ToDo,
            ),
            self.step(
                "demo-home",
                "c",
                ("Ask Dana for the letter", "Pedirle la carta a Dana"),
                Some(2),
                StepState::ToDo,
            ),
            self.line(helps, "demo-h2", ("Going with someone", "Ir con alguien")),
            self.line(supporters.clone(), "demo-s1", ("Ruth", "Ruth")),
            self.line(supporters, "demo-s2", ("Luis", "Luis")),
        ]
    }

    fn community(self) -> Vec<PlanEdit> {
        let title = ("Be at the Tuesday circle every week", "Ir al círculo de los martes cada semana");
        let reason = ("They noticed when I was gone.", "Notaron cuando yo no estaba.");
        let step = ("Noon meeting with Luis", "Reunión del mediodía con Luis");
        vec![
            self.goal("demo-community", Dimension::Community, title, reason),
            self.step("demo-community", "a", step, Some(0), StepState::ToDo),
        ]
    }

    fn need(self, id: &str, text: (&str, &str), detail: (&str, &str), in_days: u64) -> PlanEdit {
        PlanEdit::PutNeed(Need {
            id: format!("demo-{id}"),
            text: self.say(text.0, text.1),
            detail: self.say(detail.0, detail.1),
            due: Some(today() + Days::new(in_days)),
            done: false,
        })
    }

    fn goal(self, id: &str, dimension: Dimension, title: (&str, &str), reason: (&str, &str)) -> PlanEdit {
        let (title, reason) = (self.say(title.0, title.1), self.say(reason.0, reason.1));
        PlanEdit::PutGoal {
            id: id.into(),
            text: GoalText { dimension, title, reason, state: GoalState::Open },
        }
    }

    fn step(
        self,
        goal: &str,
        id: &str,
        text: (&str, &str),
        in_days: Option<u64>,
        state: StepState,
    ) -> PlanEdit {
        let step = Step {
            id: format!("{goal}-{id}"),
            text: self.say(text.0, text.1),
            detail: String::new(),
            due: in_days.map(|days| today() + Days::new(days)),
            state,
        };
        PlanEdit::PutStep { goal: goal.into(), step }
    }

    fn line(self, list: LineList, id: &str, text: (&str, &str)) -> PlanEdit {
        PlanEdit::PutLine { list, line: Line { id: id.into(), text: self.say(text.0, text.1) } }
    }

    fn safety(self) -> Vec<Call> {
        use SafetyKind::{Line, Person, Place, Text};
        use SafetyPart::{Alone, Distract, People, Professionals, Safer, WarningSigns};
        let entries = [
            (WarningSigns, Text, ("I stop answering texts", "Dejo de contestar mensajes"), ("", ""), ""),
            (WarningSigns, Text, ("I skip meals", "Me salto comidas"), ("", ""), ""),
            (
                Alone,
                Text,
                ("Cold water on my face and hands", "Agua fría en la cara y las manos"),
                ("", ""),
                "",
            ),
            (Alone, Text, ("Walk to the river and back", "Caminar hasta el río y volver"), ("", ""), ""),
            (Distract, Person, ("Noor", "Noor"), ("We play cards", "Jugamos a las cartas"), "555 0117"),
            (
                Distract,
                Place,
                ("Library on Grove Street", "Biblioteca de la calle Arboleda"),
                ("Open until 8 pm, warm and quiet", "Abre hasta las 8, cálida y tranquila"),
                "",
            ),
            (
                People,
                Person,
                ("Ruth", "Ruth"),
                ("Sponsor. Any hour, she said so.", "Madrina. A cualquier hora, así lo dijo."),
                "555 0142",
            ),
            (
                Professionals,
                Line,
                ("988 Lifeline", "Línea 988"),
                ("Any hour, free", "A cualquier hora, gratis"),
                "988",
            ),
            (
                Safer,
                Text,
                ("Naloxone is in the kitchen drawer", "La naloxona está en el cajón de la cocina"),
                ("Good until May 2027.", "Sirve hasta mayo de 2027."),
                "",
            ),
        ];
        let put = entries.iter().zip(1..).map(|((part, kind, text, detail, phone), n)| {
            SafetyEdit::Put(SafetyEntry {
                id: format!("demo-safety-{n}"),
                part: *part,
                kind: *kind,
                text: self.say(text.0, text.1),
                detail: self.say(detail.0, detail.1),
                phone: (*phone).to_owned(),
                texts: *phone == "988",
            })
        });
        put.chain([SafetyEdit::Reviewed]).map(|edit| call(&SafetySave { edit })).collect()
    }

    /// Weeks without today; with gaps, one return to use, and one day with two.
    fn check_ins(self) -> Vec<Call> {
        let days = (1..DAYS).rev().filter(|day| day % 9 != 4 && !(40..44).contains(day));
        let evening = CheckIn {
            id: "demo-evening".into(),
            time: time(21, 5),
            note: self
                .say("Called Ruth after work. It helped.", "Llamé a Ruth después del trabajo. Me ayudó."),
            ..self.check_in(2)
        };
        let all = days.map(|day| self.check_in(day)).chain([evening]);
        all.map(|checkin| call(&CheckInSave { checkin })).collect()
    }

    fn check_in(self, day: u64) -> CheckIn {
        let returned = day == RETURNED;
        let tags =
            [("sleep", "sueño"), ("work", "trabajo")].map(|(english, spanish)| self.say(english, spanish));
        let note = (
            "Slept badly, but went for a walk by the river.",
            "Dormí mal, pero salí a caminar junto al río.",
        );
        CheckIn {
            id: format!("demo-{day}"),
            date: ago(day),
            time: time(8, u32::try_from(day % 60).unwrap_or(0)),
            mood: mood(day),
            urge: (!day.is_multiple_of(6)).then_some(if returned { 9 } else { urge(day) }),
            halt: if day.is_multiple_of(3) { vec![Halt::Tired] } else { Vec::new() },
            used: Some(if returned { Use::Used } else { Use::NotUsed }),
            medication: Some(Medication::Taken),
            tags: if day.is_multiple_of(4) || day == 2 { tags.to_vec() } else { Vec::new() },
            note: if day.is_multiple_of(5) || day == 2 { self.say(note.0, note.1) } else { String::new() },
            learned: String::new(),
            kept: Kept::default(),
            edited_at: 0,
        }
    }
}

/// Up and down from day to day, and slowly better over the weeks.
fn mood(day: u64) -> Mood {
    const WAVE: [i64; 11] = [0, 1, 0, -1, 0, 1, 1, -1, 0, 0, -1];
    let wave = usize::try_from(day * 7 % 11).ok().and_then(|at| WAVE.get(at)).copied().unwrap_or(0);
    let course = if day > 60 { 2 } else { 3 } + i64::from(day < 20 && day.is_multiple_of(2));
    match course + wave {
        ..=1 => Mood::VeryLow,
        2 => Mood::Low,
        3 => Mood::Okay,
        4 => Mood::Good,
        _ => Mood::Great,
    }
}

/// Strong at first, and slowly less.
fn urge(day: u64) -> u8 {
    let wave = (day * 5 + day / 3) % 4;
    u8::try_from((day / 22 + wave).min(8)).unwrap_or(0)
}

fn today() -> NaiveDate {
    Local::now().date_naive()
}

fn ago(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}
