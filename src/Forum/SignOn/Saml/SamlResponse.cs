using System.Globalization;
using System.Text;
using System.Xml;

namespace Forum.SignOn.Saml;

/// <summary>What a checked assertion says.</summary>
/// <param name="Id">The assertion's own, for using it once.</param>
/// <param name="InResponseTo">The request that it answers; null when the provider began by itself.</param>
/// <param name="NameId">The provider's name of the person.</param>
/// <param name="ValidUntil">It must not be used after this.</param>
/// <param name="Attributes">By name; each may have several values.</param>
sealed record SamlAssertion(string Id, string? InResponseTo, string NameId, DateTimeOffset ValidUntil, IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes)
{
    /// <summary>The first attribute of those that has a value.</summary>
    public string? First(IEnumerable<string> names) => names.SelectMany(name => Attributes.GetValueOrDefault(name) ?? []).FirstOrDefault(value => value.Length > 0);
}

/// <summary>Reads a provider's answer and believes only what it signed, for this forum, for now.</summary>
/// <remarks>Source: SAML 2.0 profiles, section 4.1.4.3 (what a service provider must check).</remarks>
static class SamlResponse
{
    /// <summary>Clocks differ.</summary>
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    const int LargestDocument = 512 * 1024;
    const string Protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    const string Success = "urn:oasis:names:tc:SAML:2.0:status:Success";
    const string Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

    /// <exception cref="SignOnException">Anything about it is not as it must be.</exception>
    public static SamlAssertion Read(string base64, SamlSettings settings, DateTimeOffset now)
    {
        var response = Parse(base64).DocumentElement!;
        if (response is not { LocalName: "Response", NamespaceURI: Protocol } || response.GetAttribute("Version") != "2.0")
        {
            throw new SignOnException("The other site's answer is no SAML response.");
        }

        // Two elements with one id are how a signature for one is shown for the other.
        var ids = response.SelectNodes("descendant-or-self::*/@ID | descendant-or-self::*/@Id | descendant-or-self::*/@id")!.Cast<XmlAttribute>().Select(id => id.Value).ToArray();
        if (ids.Length != ids.Distinct(StringComparer.Ordinal).Count())
        {
            throw new SignOnException("The other site's answer names two things alike.");
        }

        var status = Child(Child(response, "Status", Protocol), "StatusCode", Protocol)?.GetAttribute("Value");
        if (status != Success)
        {
            throw new SignOnException($"The other site did not log you in ({status?.Split(':')[^1] ?? "no status"}).");
        }

        var assertions = response.GetElementsByTagName("Assertion", Assertion);
        if (response.GetElementsByTagName("EncryptedAssertion", Assertion).Count > 0)
        {
            throw new SignOnException("The other site encrypts its answers; set it to send signed ones.");
        }

        if (assertions.Count != 1 || assertions[0] is not XmlElement assertion || assertion.ParentNode != response)
        {
            throw new SignOnException("The other site's answer must hold one assertion.");
        }

        var isAssertionSigned = SamlSignature.Check(assertion, settings);
        var isSigned = SamlSignature.Check(response, settings) || isAssertionSigned;
        if (!isSigned || (settings.WantsAssertionsSigned && !isAssertionSigned))
        {
            throw new SignOnException("The other site's answer is not signed.");
        }

        if (response.GetAttribute("Destination") is { Length: > 0 } destination && destination != settings.CallbackUrl)
        {
            throw new SignOnException("The other site's answer is for another address.");
        }

        return ReadAssertion(assertion, settings, now);
    }

    static SamlAssertion ReadAssertion(XmlElement assertion, SamlSettings settings, DateTimeOffset now)
    {
        var until = CheckConditions(assertion, settings, now);
        var subject = Child(assertion, "Subject", Assertion);
        var name = Child(subject, "NameID", Assertion)?.InnerText.Trim();
        if (string.IsNullOrEmpty(name))
        {
            throw new SignOnException("The other site did not say who you are.");
        }

        var confirmation = subject!.ChildNodes.OfType<XmlElement>()
            .Where(child => child is { LocalName: "SubjectConfirmation", NamespaceURI: Assertion } && child.GetAttribute("Method") == Bearer)
            .Select(child => Child(child, "SubjectConfirmationData", Assertion)).OfType<XmlElement>()
            .FirstOrDefault(data => data.GetAttribute("Recipient") == settings.CallbackUrl && Time(data, "NotOnOrAfter") is { } end && now < end + Skew && !data.HasAttribute("NotBefore"))
            ?? throw new SignOnException("The other site's answer is too old, or for another address.");
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var attribute in assertion.ChildNodes.OfType<XmlElement>().Where(child => child is { LocalName: "AttributeStatement", NamespaceURI: Assertion })
            .SelectMany(statement => statement.ChildNodes.OfType<XmlElement>()).Where(child => child is { LocalName: "Attribute", NamespaceURI: Assertion }))
        {
            string[] values = [.. attribute.ChildNodes.OfType<XmlElement>().Where(child => child.LocalName == "AttributeValue").Select(value => value.InnerText.Trim())];
            foreach (var key in new[] { attribute.GetAttribute("Name"), attribute.GetAttribute("FriendlyName") }.Where(key => key.Length > 0).Distinct())
            {
                attributes[key] = [.. attributes.GetValueOrDefault(key) ?? [], .. values];
            }
        }

        var end = Time(confirmation, "NotOnOrAfter")!.Value;
        return new SamlAssertion(
            assertion.GetAttribute("ID"), confirmation.GetAttribute("InResponseTo") is { Length: > 0 } request ? request : null, name, until < end ? until : end, attributes);
    }

    static DateTimeOffset CheckConditions(XmlElement assertion, SamlSettings settings, DateTimeOffset now)
    {
        var conditions = Child(assertion, "Conditions", Assertion) ?? throw new SignOnException("The other site's answer does not say for whom it is.");
        var end = Time(conditions, "NotOnOrAfter") ?? now.AddMinutes(10);
        if ((Time(conditions, "NotBefore") is { } start && now < start - Skew) || now >= end + Skew)
        {
            throw new SignOnException("The other site's answer is not valid at this time; are both clocks right?");
        }

        var restrictions = conditions.ChildNodes.OfType<XmlElement>().Where(child => child is { LocalName: "AudienceRestriction", NamespaceURI: Assertion }).ToArray();
        if (restrictions.Length == 0 || restrictions.Any(restriction => !restriction.ChildNodes.OfType<XmlElement>().Any(audience => audience.LocalName == "Audience" && audience.InnerText.Trim() == settings.EntityId)))
        {
            throw new SignOnException("The other site's answer is for another service.");
        }

        return end;
    }

    static XmlDocument Parse(string base64)
    {
        try
        {
            var bytes = Convert.FromBase64String(base64);
            if (bytes.Length > LargestDocument)
            {
                throw new SignOnException("The other site's answer is too large.");
            }

            // No DTD: no entities, no files. Whitespace is part of what is signed; comments are not, and would split texts in two.
            using var reader = XmlReader.Create(
                new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, MaxCharactersInDocument = LargestDocument });
            var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            document.Load(reader);
            return document;
        }
        catch (Exception e) when (e is FormatException or XmlException or DecoderFallbackException)
        {
            throw new SignOnException("The other site's answer cannot be read.");
        }
    }

    static XmlElement? Child(XmlElement? parent, string name, string space) =>
        parent?.ChildNodes.OfType<XmlElement>().FirstOrDefault(child => child.LocalName == name && child.NamespaceURI == space);

    static DateTimeOffset? Time(XmlElement element, string name) => DateTimeOffset.TryParse(
        element.GetAttribute(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
