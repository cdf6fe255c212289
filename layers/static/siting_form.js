// What is asked of siting: the aim, how many of each programme, and what besides.
"use strict";
{
  const { say, make, lang, label, sitingResult, sitingConditions } = window.kepu;
  // What is worked out besides goes with questions of coverage only; the frontier with one of them.
  const GOES_WITH = {
    alternatives: () => true,
    frontier: (question) => question === "most_covered",
    robustness: (question) => !sitingResult.TRAVEL.has(question),
  };

  const numberField = (name, text, value, limits) => {
    const field = make("input");
    Object.assign(field, { type: "number", name, ...limits });
    field.defaultValue = value ?? "";
    return make("label.field", make("span", text), field);
  };

  const questions = (asked) => {
    const rows = asked.questions.map(({ question }) => {
      const choice = make("input");
      Object.assign(choice, { type: "radio", name: "question", value: question, defaultChecked: question === asked.choice.question });
      return make("label.option", choice, make("span", say(`question_${question}`)));
    });
    return make("fieldset.questions", make("legend", say("siting_question")), ...rows);
  };

  const counts = (asked) =>
    asked.programmes.map((row) => {
      const field = numberField(`count_${row.kind}`, say("siting_count", { programme: label("kind", row.kind) }), row.count, { min: 1, max: 500, step: 1, required: true });
      field.append(make("small.whom"));
      return field;
    });

  const also = () => {
    const rows = Object.keys(GOES_WITH).map((name) => {
      const box = make("input");
      Object.assign(box, { type: "checkbox", name: "also", value: name });
      return make("label.option", box, make("span", say(`also_${name}`)));
    });
    return make("fieldset", make("legend", say("siting_also")), ...rows);
  };

  // For whom, and how near: as it is set further below.
  const tellWhom = (form, asked) => {
    const { elements } = form;
    for (const row of asked.programmes) {
      const [mode, minutes] = ["mode", "minutes"].map((name) => elements[`${name}:${row.kind}`].value);
      const words = { audience: row[`audience_${lang}`], mode: label("mode", mode), minutes };
      elements[`count_${row.kind}`].closest("label").querySelector(".whom").textContent = say("siting_for", words);
    }
  };

  const fitForm = (form, asked) => {
    tellWhom(form, asked);
    const question = form.elements.question.value;
    form.elements.share.closest("label").hidden = question !== "fewest_sites";
    for (const box of form.elements.also) {
      box.disabled = !GOES_WITH[box.value](question);
      if (box.disabled) box.checked = false;
    }
    sitingConditions.fit(form, question);
  };

  const build = (asked, onAsk) => {
    const { least_distance_m: distance, most_per_township: most, share } = asked.choice;
    const go = make("button.primary", say("siting_go"));
    const form = make(
      "form.card.siting-form",
      questions(asked),
      make(
        "div.fields",
        ...counts(asked),
        numberField("share", say("siting_share"), Math.round(share * 100), { min: 1, max: 100, step: 1, required: true }),
        numberField("distance", say("siting_distance"), distance, { min: 1, max: 100000, step: "any" }),
        numberField("per_township", say("siting_per_township"), most, { min: 1, max: 500, step: 1 }),
      ),
      make("div.fields", also(), go),
      sitingConditions.make(asked),
    );
    form.addEventListener("change", () => fitForm(form, asked));
    // What is wrong within a closed part could not be shown.
    form.addEventListener("invalid", () => (form.querySelector("details").open = true), true);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      onAsk(given(form, asked), go);
    });
    fitForm(form, asked);
    return form;
  };

  const given = (form, asked) => {
    const { elements } = form;
    const number = (field) => (field.value === "" ? null : Number(field.value));
    const question = elements.question.value;
    const siting = {
      question,
      programmes: asked.choice.programmes.map((row) => ({ ...sitingConditions.programme(form, row, question), count: number(elements[`count_${row.kind}`]) })),
      least_distance_m: number(elements.distance),
      most_per_township: number(elements.per_township),
      ...sitingConditions.given(form, asked, question),
    };
    if (question === "fewest_sites") siting.share = number(elements.share) / 100;
    return { siting, ...sitingConditions.layers(), also: [...elements.also].filter((box) => box.checked).map((box) => box.value) };
  };

  window.kepu.sitingForm = { make: build };
}
