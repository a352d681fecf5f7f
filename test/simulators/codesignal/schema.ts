import { buildSchema } from 'graphql';

/**
 * The part of CodeSignal's schema that has to do with company tests and live interviews, from its published type texts (github
 * CodeSignal/developer-docs @5ca23f1, docs/graphql/types). Left out, so that asking for it is refused: fields whose inner types we have no text of (feedback,
 * behavioralScore, aiInsights, coreSkillScores, solution, sender, integrations.icims and eightfold, and in an integrity report
 * solutionSimilarity, typingLinearity and suspiciousActivity). `externalId` is no field of a session: it comes in webhooks only.
 */
export const schema = buildSchema(`
  "Milliseconds since 1970."
  scalar Timestamp

  enum TestSessionStatus { pending active gracePeriod finalizing over deleted deletedForPii expired declined archived }
  enum VerificationStatus { pending verified notVerified }
  enum CodingScoreVersion { original codingScore2023 }
  enum IntegrityReportStatus { pending ready }
  enum SuspicionScore { none low medium high not_applicable }
  enum LiveInterviewStatus { pending active over }
  enum AtsIdType { greenhouseApplicationId greenhouseCandidateId }
  enum CompanyTestSortBy { title createDate }
  enum SortDirection { asc desc }

  type Query {
    companyTests(companyId: ID, first: Int!, offset: Int, ids: [ID!], titleSearchText: String, labels: [String!],
      sortBy: CompanyTestSortBy, sortDirection: SortDirection, targetUserId: ID): CompanyTests!
    companyTest(id: ID!): CompanyTest
    companyTestSession(id: ID!): CompanyTestSession
    companyTestSessions(companyTestId: ID!, first: Int, offset: Int, ids: [ID!]): [CompanyTestSession]!
    atsCompanyTestSessions(id: String!, idType: AtsIdType!): [CompanyTestSession]!
    liveInterview(liveInterviewId: ID!): LiveInterview
    liveInterviews(candidateEmail: String, first: Int, offset: Int): [LiveInterview]!
  }

  type Mutation {
    createCompanyTestSession(sessionFields: TestSessionInput!): CompanyTestSession
    resendCompanyTestSession(id: ID!): CompanyTestSession!
    deleteCompanyTestSession(id: ID!, sendNotificationEmail: Boolean): ID!
    editCompanyTestSessionExpiration(id: ID!, expirationDate: Timestamp!): CompanyTestSession!
    editCompanyTestSessionDuration(id: ID!, customDuration: Float!): CompanyTestSession!
    setCompanyTestSessionReminders(id: ID!, reminders: [EmailReminder!]!): CompanyTestSession!
    reactivateCompanyTestSession(id: ID!, sendNotificationEmail: Boolean): CompanyTestSession!
    archiveCompanyTestSession(id: ID!): CompanyTestSession!
    unarchiveCompanyTestSession(id: ID!): CompanyTestSession!
    gradeCompanyTestResult(id: ID!, taskId: ID!, score: Int!): CompanyTestSession!
    markCompanyTestResultAsGraded(id: ID!): CompanyTestSession!
    createLiveInterview(interviewFields: LiveInterviewInput): LiveInterview
    editLiveInterview(id: ID!, interviewFields: LiveInterviewInput!): LiveInterview
    deleteLiveInterview(id: ID!): ID!
  }

  input TestSessionInput {
    testId: ID!
    candidateFirstName: String
    candidateLastName: String
    candidateEmail: String
    noInvitationEmail: Boolean
    preferExisting: Boolean
    emailReminders: [EmailReminder!]
    customDuration: Float
    expireDuration: Float
    externalId: String
    postSessionRedirectUrl: String
  }
  input EmailReminder { templateName: String!, timeBeforeExpiration: Float! }
  input LiveInterviewInput { candidateEmail: String, candidateName: String }

  type PageInfo { hasNextPage: Boolean! }
  type CompanyTests { totalCount: Int!, tests: [CompanyTest!]!, pageInfo: PageInfo! }
  type CompanyTest {
    id: ID!
    title: String!
    introMessage: String!
    outroMessage: String!
    duration: Float!
    labels: [String]
    testSession(id: ID!): CompanyTestSession
    testSessions(first: Int, offset: Int): [CompanyTestSession]
    scoreRangeLabels: [ScoreRangeLabel]
    emailSubject: String
    emailMessage: String
  }
  type ScoreRangeLabel { label: String!, scoreRange: ScoreRange! }
  type ScoreRange { min: Int, max: Int }

  type CompanyTestSession {
    id: ID!
    test: CompanyTest
    status: TestSessionStatus!
    testTaker: TestTaker!
    maxScore: Int!
    createDate: Timestamp
    startDate: Timestamp
    expirationDate: Timestamp
    finishDate: Timestamp
    result: CompanyTestSessionResult
    tasks: [TestSessionTask]!
    taskCount: Int
    task(taskId: ID): TestSessionTask
    invitationUrl: String
    labels: [String]!
    integrations: Integrations
    customDuration: Float
    emailReminders: [TestSessionReminder!]
    reactivatedSession: ReactivatedSession
    verificationStatus: VerificationStatus
    verificationRejectionReasons: [VerificationRejectionReason!]
    integrityReviewFinalized: Boolean!
    integrityReviewSuggested: Boolean
    retakeSession: CompanyTestSession
    postSessionRedirectUrl: String
  }
  type TestTaker { email: String, firstName: String, lastName: String }
  type Integrations {
    greenhouseCandidateId: String
    greenhouseApplicationId: String
    leverOpportunityId: String
    smartRecruitersOrderId: String
  }
  type TestSessionReminder { templateName: String!, timeBeforeExpiration: Float! }
  type ReactivatedSession { newSessionId: ID!, reactivationDate: Timestamp! }
  type VerificationRejectionReason { name: String!, description: String! }

  type CompanyTestSessionResult {
    score: Int
    solvedTaskCount: Int
    url: String
    versionedCodingScore: VersionedCodingScore
    codingScore: Int @deprecated(reason: "Use versionedCodingScore instead.")
    totalTimeClosed: Int
    taskResults: [TestSessionTaskResult]!
    taskResult(taskId: ID, id: ID): TestSessionTaskResult
  }
  type VersionedCodingScore { version: CodingScoreVersion, value: Int, skillAreas: [SkillArea] }
  type SkillArea { name: String!, label: String! }
  type TestSessionTaskResult {
    sessionTask: TestSessionTask!
    score: Int
    replayUrl: String
    solveTime: Int
    timeSpent: Int
    timeOpen: Int
    integrityReport: IntegrityReport
  }
  type TestSessionTask { maxScore: Int!, task: CommonTask }
  interface CommonTask { id: ID!, title: String!, overviewType: String!, labels: [String]!, maxScore: Int! }
  type StandardTask implements CommonTask { id: ID!, title: String!, overviewType: String!, labels: [String]!, maxScore: Int! }
  type IntegrityReport { status: IntegrityReportStatus!, suspicionScore: SuspicionScore }

  type LiveInterview {
    id: ID!
    candidateEmail: String
    candidateName: String
    status: LiveInterviewStatus!
    interviewersFeedback: [InterviewerFeedback]
    startDate: Timestamp
    finishDate: Timestamp
    url: String!
  }
  type InterviewerFeedback { generalNotes: String, recommendedLevel: String, overallEvaluation: String }
`);
