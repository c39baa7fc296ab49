using PhoneNumbers;

namespace SchoolHome.Web.People;

/// <summary>Phone numbers as people write them, in the one form in which they are kept.</summary>
internal static class Phones
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>E.164 (<c>+8619910000001</c>); null when it is no phone number. Numbers without a country code are Chinese.</summary>
    public static string? Normalize(string? written)
    {
        if (string.IsNullOrWhiteSpace(written) || written.Length > 40)
            return null;

        try
        {
            var number = Numbers.Parse(written, "CN");
            return Numbers.IsValidNumber(number) ? Numbers.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>Whether it is a mobile number, so that nobody means a student number by it.</summary>
    public static bool IsMobile(string e164) => Numbers.GetNumberType(Numbers.Parse(e164, "CN")) == PhoneNumberType.MOBILE;

    /// <summary>As people write it: Chinese numbers without the country code. What is no number in E.164 form stays as it is.</summary>
    public static string Shown(string e164) => e164.StartsWith("+86", StringComparison.Ordinal) ? e164[3..] : e164;

    /// <summary>Enough to recognize one's own number by: <c>199****0001</c>. Empty when there is none.</summary>
    public static string Masked(string e164)
    {
        var shown = Shown(e164);
        return shown.Length <= 7 ? shown : $"{shown[..3]}****{shown[^4..]}";
    }
}
