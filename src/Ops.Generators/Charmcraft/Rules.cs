using Microsoft.CodeAnalysis;

namespace Ops.Generators.Charmcraft;

/// <summary>The diagnostics of the generator. Each says what is wrong, and what would be right.</summary>
static class Rules
{
    public static readonly DiagnosticDescriptor Unreadable = Error("OPS001", "charmcraft.yaml cannot be read", "cannot read charmcraft.yaml: {0}");

    public static readonly DiagnosticDescriptor WrongShape = Error("OPS002", "Wrong kind of value", "\"{0}\" must be {1}");

    public static readonly DiagnosticDescriptor BadName = Error("OPS003", "Name not valid", "the name of {0} \"{1}\" is not valid: {2}");

    public static readonly DiagnosticDescriptor UnknownWord = Error("OPS004", "Unknown word", "{0} is \"{1}\", but must be one of {2}");

    public static readonly DiagnosticDescriptor WrongDefault = Error("OPS005", "Default of another type", "the default of {0} \"{1}\" is not {2}: \"{3}\"");

    public static readonly DiagnosticDescriptor SameMember = Error("OPS006", "Two names for one member", "\"{0}\" and \"{1}\" would both be the member {2}: rename one");

    public static readonly DiagnosticDescriptor Missing = Error("OPS007", "Something is missing", "{0} \"{1}\" has no \"{2}\"");

    public static readonly DiagnosticDescriptor NotDeclared = Error("OPS008", "Not declared", "{0} \"{1}\" names {2} \"{3}\", which is not declared");

    public static readonly DiagnosticDescriptor Twice = Error("OPS009", "Declared twice", "the endpoint \"{0}\" is declared twice, in \"{1}\" and in \"{2}\"");

    public static readonly DiagnosticDescriptor NotPartial = Error("OPS020", "Charm is not partial", "the charm \"{0}\" must be partial, so that what charmcraft.yaml declares can be added to it");

    public static readonly DiagnosticDescriptor NoFile = Error("OPS021", "No charmcraft.yaml for the charm", "no charmcraft.yaml for the charm \"{0}\": {1}");

    public static readonly DiagnosticDescriptor UndeclaredName = Error("OPS101", "Name not declared in charmcraft.yaml", "charmcraft.yaml declares no {0} \"{1}\"{2}");

    public static readonly DiagnosticDescriptor MisspeltMember = Error("OPS102", "Member not declared in charmcraft.yaml", "charmcraft.yaml declares nothing that would give {0} a member \"{1}\"{2}");

    static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "Charmcraft", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
