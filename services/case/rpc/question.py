"""Questions without a name."""

from rondetafel.case.v1 import case_pb2 as pb
from services.case.commands.answer_question import AnswerQuestion, answer_question
from services.case.commands.ask_question import AskQuestion, ask_question
from services.case.commands.close_question import CloseQuestion, close_question
from services.case.commands.publish_answer import PublishAnswer, publish_answer
from services.case.commands.withdraw_answer import WithdrawAnswer, withdraw_answer
from services.case.queries.list_answers import ListAnswers, list_answers
from services.case.queries.list_questions import ListQuestions, list_questions
from services.case.queries.read_question import ReadQuestion, read_question
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["QuestionService"],
    command(ask_question, AskQuestion),
    command(answer_question, AnswerQuestion),
    command(close_question, CloseQuestion),
    query(read_question, ReadQuestion, pb.Question, Differences(flat=("frame",))),
    command(publish_answer, PublishAnswer),
    command(withdraw_answer, WithdrawAnswer),
    query(list_answers, ListAnswers, pb.ListAnswersResponse),
    query(list_questions, ListQuestions, pb.ListQuestionsResponse),
)
