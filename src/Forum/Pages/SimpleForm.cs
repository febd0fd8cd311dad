namespace Forum.Pages;

/// <summary>A field of a form.</summary>
/// <param name="Kind">text, password, email, search, color, number, hidden, textarea or select.</param>
sealed record FormField(string Name, string Label, string Kind = "text", string Value = "", bool Required = false, IReadOnlyList<(string Value, string Label)>? Choices = null,
    string? Autocomplete = null);

/// <summary>A form that posts to an endpoint of the API through /form, so that it works without scripts.</summary>
/// <param name="Action">The endpoint's path.</param>
/// <param name="Method">The endpoint's method.</param>
/// <param name="Return">Where a success leads: a path, or "post" for the post that was written.</param>
sealed record SimpleForm(string Action, string Method, string Return, string Submit, IReadOnlyList<FormField> Fields);
